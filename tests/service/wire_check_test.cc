#include "server/service/wire_check.h"

#include <string>
#include <vector>

#include "core/base/ids.h"
#include "core/base/request_limits.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "marquee/v1/recommendation_service.pb.h"

namespace marquee {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::FieldDescriptor;
using ::testing::HasSubstr;

template <typename Request>
std::string Fault(const std::string& bytes) {
  const absl::Status status = CheckWire(bytes, *Request::descriptor());
  if (status.ok()) return "";
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  return std::string(status.message());
}
std::string Fault(const google::protobuf::Message& request) {
  const absl::Status status =
      CheckWire(request.SerializeAsString(), *request.GetDescriptor());
  return status.ok() ? "" : std::string(status.message());
}

// The largest request that the API allows.
v1::ExplainRequest Largest() {
  const std::string id(kMaxIdBytes, 'x');
  const std::string name(kMaxNameBytes, 'x');
  v1::ExplainRequest explain;
  v1::RecommendRequest& request = *explain.mutable_request();
  request.mutable_context()->set_user_id(id);
  request.mutable_context()->set_scene(name);
  request.mutable_context()->set_country("DE");
  request.mutable_context()->set_device(name);
  request.mutable_context()->set_language(name);
  request.mutable_context()->mutable_time_override()->set_seconds(kMaxSeconds);
  for (int i = 0; i < kMaxEvents; ++i) {
    v1::Event& event = *request.mutable_context()->add_recent_events();
    event.set_item_id(id);
    event.set_weight(2);
  }
  for (int i = 0; i < 1024; ++i) request.add_user_embedding(0.5f);
  for (int i = 0; i < kMaxExcluded; ++i)
    request.mutable_context()->add_exclude_item_ids(id);
  for (int i = 0; i < kMaxFilters; ++i) {
    v1::AttributeFilter& filter = *request.mutable_context()->add_filters();
    filter.set_attribute(id);
    for (int v = 0; v < kMaxFilterValues; ++v) filter.add_any_of(id);
  }
  for (int i = 0; i < kMaxExplained; ++i) explain.add_item_ids(id);
  return explain;
}

TEST(WireCheck, TakesTheLargestRequestOfTheApi) {
  EXPECT_EQ(Fault(Largest()), "");
  EXPECT_LT(Largest().ByteSizeLong(), kMaxRequestBytes);
}

TEST(WireCheck, OneEntryTooManyIsNamed) {
  const auto fault = [](const auto& spoil) {
    v1::ExplainRequest request = Largest();
    spoil(request);
    return Fault(request);
  };
  EXPECT_EQ(fault([](auto& r) {
              r.mutable_request()->mutable_context()->add_recent_events();
            }),
            "request.context.recent_events: has more entries than the 200 that "
            "it may "
            "have");
  EXPECT_EQ(fault([](auto& r) {
              r.mutable_request()->mutable_context()->add_exclude_item_ids();
            }),
            "request.context.exclude_item_ids: has more entries than the 2000 "
            "that it "
            "may have");
  EXPECT_EQ(
      fault([](auto& r) {
        r.mutable_request()->mutable_context()->add_filters();
      }),
      "request.context.filters: has more entries than the 16 that it may have");
  EXPECT_EQ(
      fault([](auto& r) {
        r.mutable_request()->mutable_context()->mutable_filters(15)->add_any_of(
            "x");
      }),
      "request.context.filters[15].any_of: has more entries than the 50 that "
      "it "
      "may have");
  EXPECT_EQ(fault([](auto& r) { r.add_item_ids("x"); }),
            "item_ids: has more entries than the 20 that it may have");
  EXPECT_EQ(fault([](auto& r) { r.mutable_request()->add_user_embedding(1); }),
            "request.user_embedding: has more entries than the 1024 that it "
            "may have");
}

// A sender may write each number as a field of its own.
TEST(WireCheck, CountsNumbersThatAreNotPacked) {
  std::string bytes;
  for (int i = 0; i < 1024; ++i) bytes += std::string("\x25\0\0\0\0", 5);
  EXPECT_EQ(Fault<v1::RecommendRequest>(bytes), "");
  bytes += std::string("\x25\0\0\0\0", 5);
  EXPECT_THAT(Fault<v1::RecommendRequest>(bytes), HasSubstr("user_embedding"));
}

// Sources are numbers of one byte or, if nobody knows them, of more.
TEST(WireCheck, CountsPackedSources) {
  const auto packed = [](const std::string& numbers) {
    return Fault<v1::RecommendRequest>(
        std::string("\x82\x01") + static_cast<char>(numbers.size()) + numbers);
  };
  const std::string fault =
      "sources: has more entries than the 5 that it may have";
  EXPECT_EQ(packed(std::string("\1\2\3\4\5")), "");
  EXPECT_EQ(packed(std::string("\1\2\3\4\5\1")), fault);
  EXPECT_EQ(packed(std::string("\x80\x80\1\x80\1\1\1\1")), "");
  EXPECT_EQ(packed(std::string("\x80\x80\1\x80\1\1\1\1\1")), fault);
}

// Every repeated field of a request must have a limit; a new one fails here
// until it has one.
void ExpectLimits(const Descriptor& type, std::vector<std::string>& seen) {
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (field.is_repeated()) {
      seen.push_back(field.name());
      const bool is_bytes = !field.is_packable();
      const bool is_float = field.cpp_type() == FieldDescriptor::CPPTYPE_FLOAT;
      std::string bytes;
      const auto tag =
          static_cast<char>(field.number() << 3 | (is_bytes   ? 2
                                                   : is_float ? 5
                                                              : 0));
      for (int n = 0; n < 3000; ++n) {
        // A number of 16 and more takes two bytes in the tag.
        if (field.number() < 16) {
          bytes += tag;
        } else {
          bytes += static_cast<char>((tag & 0x7F) | 0x80);
          bytes += static_cast<char>(field.number() >> 4);
        }
        bytes += std::string(is_float ? 4 : 1, '\0');
      }
      EXPECT_THAT(std::string(CheckWire(bytes, type).message()),
                  HasSubstr(field.name() + ": has more entries"));
    }
    if (field.message_type() != nullptr) {
      ExpectLimits(*field.message_type(), seen);
    }
  }
}

TEST(WireCheck, EveryRepeatedFieldHasALimit) {
  std::vector<std::string> seen;
  ExpectLimits(*v1::ExplainRequest::descriptor(), seen);
  ExpectLimits(*v1::SimilarItemsRequest::descriptor(), seen);
  EXPECT_THAT(seen, ::testing::IsSupersetOf(
                        {"recent_events", "any_of", "exclude_item_ids"}));
}

TEST(WireCheck, TextThatIsNotUtf8IsNamed) {
  EXPECT_EQ(Fault<v1::RecommendRequest>("\x12\x04\x32\x02\xff\xfe"),
            "context.user_id: is not UTF-8: byte 0 is '\\xff'");
  // context { device: "a\x80" }
  EXPECT_EQ(Fault<v1::RecommendRequest>("\x12\x04\x12\x02"
                                        "a\x80"),
            "context.device: is not UTF-8: byte 1 is '\\x80'");
  // The first and the second of exclude_item_ids.
  EXPECT_EQ(Fault<v1::RecommendRequest>("\x12\x03\x42\x01\xc3"),
            "context.exclude_item_ids[0]: is not UTF-8: byte 0 is '\\xc3'");
  EXPECT_EQ(Fault<v1::RecommendRequest>("\x12\x06\x42\x01"
                                        "a\x42\x01\xc3"),
            "context.exclude_item_ids[1]: is not UTF-8: byte 0 is '\\xc3'");
  v1::RecommendRequest request;
  request.mutable_context()->set_user_id("d\u00e9j\u00e0 vu \U0001F600");
  EXPECT_EQ(Fault(request), "");
}

TEST(WireCheck, BytesThatAreNoMessage) {
  const std::string no = "the request: its bytes are not a message of the API";
  EXPECT_EQ(Fault<v1::RecommendRequest>("\x0a"), no);        // cut off
  EXPECT_EQ(Fault<v1::RecommendRequest>("\x0a\x05zz"), no);  // too short
  EXPECT_EQ(Fault<v1::RecommendRequest>("\x0b\x0c"), no);    // a group
  EXPECT_EQ(Fault<v1::RecommendRequest>(std::string(1, '\0')), no);  // field 0
  EXPECT_EQ(Fault<v1::RecommendRequest>(std::string("\x05\0\0\0\0", 5)), no);
  EXPECT_EQ(Fault<v1::RecommendRequest>("\x25\x01\x01"), no);  // fixed32
  EXPECT_EQ(Fault<v1::RecommendRequest>(std::string(12, '\xff')), no);
  EXPECT_EQ(Fault<v1::RecommendRequest>("\x12\x01\x0a"),
            "context: its bytes are not a message of the API");
  // Longer than any length may be.
  EXPECT_EQ(
      Fault<v1::RecommendRequest>("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff"
                                  "\x01"),
      no);
}

// Fields of a later version of the API pass, a flood of them does not.
TEST(WireCheck, UnknownFieldsAreBounded) {
  std::string bytes;
  for (int i = 0; i < kMaxRequestFields; ++i) bytes += "\x68\x01";
  EXPECT_EQ(Fault<v1::RecommendRequest>(bytes), "");
  bytes += "\x68\x01";
  EXPECT_EQ(Fault<v1::RecommendRequest>(bytes),
            "the request: is beyond the 10000 fields that a request may have, "
            "unknown ones included");
}

// What is unknown is stepped over to the byte: the field behind it is looked
// at.
TEST(WireCheck, StepsOverUnknownFieldsOfEveryKind) {
  const std::string bad = "\x12\x03\x32\x01\xff";
  const std::string fault = "context.user_id: is not UTF-8: byte 0 is '\\xff'";
  const std::string varint("\x68\x80\x01", 3);
  const std::string short_varint("\x68\x7f", 2);
  const std::string longest =
      "\x68" + std::string(9, '\xff') + std::string(1, '\x01');
  const std::string fixed64("\x69\x0a\x01\x61\0\0\0\0\0", 9);
  const std::string fixed32("\x6d\x0a\x01\x61\0", 5);
  const std::string bytes("\x6a\x03\xff\xff\xff", 5);
  const std::string empty("\x6a\0", 2);
  // The largest number that a field may have.
  const std::string last("\xf8\xff\xff\xff\x0f\x01", 6);
  for (const std::string& field :
       {varint, short_varint, longest, fixed64, fixed32, bytes, empty, last}) {
    EXPECT_EQ(Fault<v1::RecommendRequest>(field), "");
    EXPECT_EQ(Fault<v1::RecommendRequest>(field + bad), fault);
    EXPECT_EQ(Fault<v1::RecommendRequest>(field.substr(0, field.size() - 1)),
              "the request: its bytes are not a message of the API");
  }
}

// Eleven bytes are no number, and a tag has 32 bits.
TEST(WireCheck, NumbersThatAreTooLongAreNoMessage) {
  const std::string no = "the request: its bytes are not a message of the API";
  EXPECT_EQ(Fault<v1::RecommendRequest>("\x68" + std::string(10, '\x80') +
                                        std::string(1, '\x01')),
            no);
  EXPECT_EQ(Fault<v1::RecommendRequest>("\xf8\xff\xff\xff\x1f\x01"), no);
  EXPECT_EQ(
      Fault<v1::RecommendRequest>(std::string("\x88\x80\x80\x80\x10\x05", 6)),
      no);
}

TEST(WireCheck, FieldsOfInnerMessagesCountToo) {
  std::string inner;
  for (int i = 0; i < kMaxRequestFields - 1; ++i) inner += "\x68\x01";
  const auto context = [](const std::string& bytes) {
    std::string size;
    for (size_t rest = bytes.size(); rest > 0; rest >>= 7) {
      size += static_cast<char>((rest & 127) | (rest > 127 ? 128 : 0));
    }
    return "\x12" + size + bytes;
  };
  EXPECT_EQ(Fault<v1::RecommendRequest>(context(inner)), "");
  EXPECT_EQ(Fault<v1::RecommendRequest>(context(inner + "\x68\x01")),
            "context: is beyond the 10000 fields that a request may have, "
            "unknown ones included");
}

TEST(WireCheck, AnEntryOfAListIsNamedByItsPlace) {
  v1::RecommendRequest request;
  request.mutable_context()->add_recent_events()->set_item_id("a");
  request.mutable_context()->add_recent_events()->set_item_id("b\xff");
  EXPECT_EQ(
      Fault(request),
      "context.recent_events[1].item_id: is not UTF-8: byte 1 is '\\xff'");
}

// A known field in another wire type is an unknown one for the parser.
TEST(WireCheck, AKnownNumberInAnotherWireTypeIsNotLookedInto) {
  EXPECT_EQ(Fault<v1::RecommendRequest>("\x08\x05"), "");
}

}  // namespace
}  // namespace marquee
