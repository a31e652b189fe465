#include "core/model_import/ubjson_reader.h"

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;

// A text with zeros within.
std::string Raw(std::initializer_list<int> bytes) {
  std::string text;
  for (const int byte : bytes) text.push_back(static_cast<char>(byte));
  return text;
}

std::string Length(uint64_t value) {
  std::string text = "L";
  for (int shift = 56; shift >= 0; shift -= 8) {
    text.push_back(static_cast<char>(value >> shift));
  }
  return text;
}

absl::StatusOr<int64_t> ReadInt(const std::string& bytes) {
  UbjsonReader reader(bytes, "m");
  return reader.Int();
}

absl::StatusOr<float> ReadFloat(const std::string& bytes) {
  UbjsonReader reader(bytes, "m");
  return reader.Float();
}

absl::Status SkipAll(const std::string& bytes) {
  UbjsonReader reader(bytes, "m");
  const absl::Status status = reader.Skip();
  return status.ok() ? reader.ExpectEnd() : status;
}

TEST(UbjsonReader, ReadsNumbersOfEveryType) {
  EXPECT_EQ(*ReadInt(Raw({'i', 0xfe})), -2);
  EXPECT_EQ(*ReadInt(Raw({'U', 0xfe})), 254);
  EXPECT_EQ(*ReadInt(Raw({'I', 0xff, 0x38})), -200);
  EXPECT_EQ(*ReadInt(Raw({'l', 0x7f, 0xff, 0xff, 0xff})), 2147483647);
  EXPECT_EQ(*ReadInt(Length(uint64_t{1} << 40)), int64_t{1} << 40);
  EXPECT_EQ(*ReadFloat(Raw({'d', 0x3f, 0x80, 0, 0})), 1.0f);
  EXPECT_EQ(*ReadFloat(Raw({'d', 0, 0, 0, 1})), 1e-45f);
  EXPECT_TRUE(std::isnan(*ReadFloat(Raw({'d', 0x7f, 0xc0, 0, 0}))));
  EXPECT_EQ(
      *ReadFloat(Raw({'D', 0x3f, 0xb9, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9a})),
      0.1f);
  EXPECT_EQ(*ReadFloat(Raw({'i', 7})), 7.0f);
  EXPECT_EQ(*ReadInt(Raw({'N', 'N', 'i', 7})), 7);
}

TEST(UbjsonReader, RefusesWhatIsNoNumber) {
  for (const std::string& bytes :
       {Raw({}), Raw({'i'}), Raw({'l', 0, 0, 0}), Raw({'S', 'i', 1, '7'}),
        Raw({'T'}), Raw({'d', 0, 0, 0})}) {
    EXPECT_FALSE(ReadInt(bytes).ok()) << bytes;
    EXPECT_FALSE(ReadFloat(bytes).ok()) << bytes;
  }
  // 1e300.
  EXPECT_THAT(ReadFloat(Raw({'D', 0x7e, 0x37, 0xe4, 0x3c, 0x88, 0, 0x75, 0x9c}))
                  .status()
                  .message(),
              HasSubstr("does not fit a float32"));
}

TEST(UbjsonReader, ReadsContainersOfEveryKind) {
  const std::string ints = Raw({'i', 1, 'i', 2});
  const std::string texts[] = {
      absl::StrCat("[", ints, "]"), absl::StrCat("[#i\2", ints),
      absl::StrCat("[N", ints, "N]"), Raw({'[', '$', 'i', '#', 'i', 2, 1, 2}),
      absl::StrCat("[$l#", Length(2), Raw({0, 0, 0, 1, 0, 0, 0, 2}))};
  for (const std::string& bytes : texts) {
    UbjsonReader reader(bytes, "m");
    int64_t sum = 0;
    const absl::Status read = reader.ForEachElement([&]() -> absl::Status {
      MARQUEE_ASSIGN_OR_RETURN(const int64_t value, reader.Int());
      sum = 10 * sum + value;
      return absl::OkStatus();
    });
    EXPECT_TRUE(read.ok()) << read;
    EXPECT_TRUE(reader.ExpectEnd().ok());
    EXPECT_EQ(sum, 12);
  }
  const std::string objects[] = {
      absl::StrCat("{i\1a", Raw({'i', 1}), "i\1b", Raw({'i', 2}), "}"),
      absl::StrCat("{#i\2i\1a", Raw({'i', 1}), "i\1b", Raw({'i', 2})),
      Raw({'{', '$', 'i', '#', 'i', 2, 'i', 1, 'a', 1, 'i', 1, 'b', 2})};
  for (const std::string& bytes : objects) {
    UbjsonReader reader(bytes, "m");
    std::string seen;
    const absl::Status read =
        reader.ForEachKey([&](const std::string& key) -> absl::Status {
          MARQUEE_ASSIGN_OR_RETURN(const int64_t value, reader.Int());
          absl::StrAppend(&seen, key, value);
          return absl::OkStatus();
        });
    EXPECT_TRUE(read.ok()) << read;
    EXPECT_EQ(seen, "a1b2");
  }
}

TEST(UbjsonReader, SkipsEveryKindOfValue) {
  const std::string bytes = absl::StrCat(
      "{i\1aTi\1bFi\1cZi\1dSi\2xyi\1eCxi\1f[]i\1g{}i\1h",
      Raw({'d', 0, 0, 0, 0}), "i\1i", Raw({'D', 0, 0, 0, 0, 0, 0, 0, 0}),
      "i\1j", Raw({'[', '$', 'S', '#', 'i', 2, 'i', 1, 'x', 'i', 0}), "}N");
  EXPECT_TRUE(SkipAll(bytes).ok()) << SkipAll(bytes);
  for (size_t length = 0; length < bytes.size() - 1; ++length) {
    EXPECT_FALSE(SkipAll(bytes.substr(0, length)).ok()) << length;
  }
}

TEST(UbjsonReader, RefusesWhatIsNotUbjson) {
  const std::pair<std::string, std::string> faults[] = {
      {"", "m: byte 0: expected a value"},
      {"?", "expected a value"},
      {"H", "high-precision"},
      {"[$Z#i\1", "can not be the type"},
      {"[$[#i\1", "can not be the type"},
      {"[$i", "expected '#'"},
      {absl::StrCat("[$i#", Length(5), "abcd"), "5 values, but only 4 bytes"},
      {absl::StrCat("[#", Length(~uint64_t{0})), "the length -1"},
      {absl::StrCat("S", Length(uint64_t{1} << 62)),
       "bytes are needed, but the text ends here"},
      {"{i\1aTi\1aT}", "the key 'a' occurs twice"},
      {"[TT", "is within an object or array, but the text ends here"},
      {"T?", "expected the end"},
  };
  for (const auto& [bytes, what] : faults) {
    EXPECT_EQ(SkipAll(bytes).code(), absl::StatusCode::kDataLoss) << what;
    EXPECT_THAT(SkipAll(bytes).message(), HasSubstr(what));
  }
}

TEST(UbjsonReader, BoundsTheDepth) {
  const auto nested = [](size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_TRUE(SkipAll(nested(UbjsonReader::kMaxDepth)).ok());
  EXPECT_THAT(SkipAll(nested(UbjsonReader::kMaxDepth + 1)).message(),
              HasSubstr("nested deeper than 64"));
  EXPECT_FALSE(SkipAll(std::string(1'000'000, '[')).ok());
}

}  // namespace
}  // namespace marquee
