#include "server/service/wire_check.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/base/request_limits.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/catalog/candidate.h"
#include "core/catalog/item_vectors.h"

namespace marquee {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::FieldDescriptor;

enum class WireType : uint8_t {
  kVarint = 0,
  kFixed64 = 1,
  kBytes = 2,
  kFixed32 = 5
};

constexpr size_t kMostFields = 32;  // of a message of the API

struct Limit {
  absl::string_view field;
  int most;
};
// By the names of repeated fields, which are unique in the API.
constexpr Limit kLimits[] = {
    {"recent_events", kMaxEvents},
    {"user_embedding", static_cast<int>(ItemVectors::kMaxDimension)},
    {"exclude_item_ids", kMaxExcluded},
    {"filters", kMaxFilters},
    {"any_of", kMaxFilterValues},
    {"item_ids", kMaxExplained},
    {"shown_item_ids", kMaxLimit - 1},
    {"sources", static_cast<int>(kCandidateSources)}};

int MostOf(const FieldDescriptor& field) {
  for (const Limit& limit : kLimits) {
    if (limit.field == field.name()) return limit.most;
  }
  // A test compares the table with the API.
  return kMaxRequestFields;
}

// The description of a fault begins with a colon. The caller that knows the
// field puts its name in front.
absl::Status NoMessage() {
  return absl::InvalidArgumentError(": its bytes are not a message of the API");
}

absl::Status TooMany(int most) {
  return absl::InvalidArgumentError(
      absl::StrCat(": has more entries than the ", most, " that it may have"));
}

absl::Status CheckText(absl::string_view text) {
  const size_t at = FindInvalidUtf8(text);
  if (at == absl::string_view::npos) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(": is not UTF-8: byte ", at, " is '",
                   absl::CHexEscape(text.substr(at, 1)), "'"));
}

// One field as it is on the wire.
struct WireField {
  uint32_t number = 0;
  WireType type = WireType::kVarint;
  absl::string_view bytes;  // of kBytes
};

std::optional<uint64_t> TakeVarint(absl::string_view& bytes) {
  uint64_t value = 0;
  // Seven bits a byte, the lowest first. Ten bytes hold 64 bits.
  for (size_t i = 0; i < bytes.size() && i < 10; ++i) {
    const auto byte = static_cast<uint8_t>(bytes[i]);
    value |= uint64_t{byte & 0x7Fu} << (7 * i);
    if (byte < 0x80) {
      bytes.remove_prefix(i + 1);
      return value;
    }
  }
  return std::nullopt;
}

std::optional<absl::string_view> TakeBytes(uint64_t count,
                                           absl::string_view& bytes) {
  if (count > bytes.size()) return std::nullopt;
  const absl::string_view taken = bytes.substr(0, count);
  bytes.remove_prefix(count);
  return taken;
}

// nullopt: the field is cut off, or of a kind that the API does not have, such
// as a group.
std::optional<WireField> TakeField(absl::string_view& bytes) {
  const std::optional<uint64_t> tag = TakeVarint(bytes);
  // A tag is a field number and, in the lowest three bits, the wire type. It
  // has 32 bits at most, and no field has the number 0.
  if (!tag || *tag >> 32 != 0 || *tag >> 3 == 0) return std::nullopt;
  WireField field{.number = static_cast<uint32_t>(*tag >> 3),
                  .type = static_cast<WireType>(*tag & 7)};
  // Wire types that are none of these leave it empty.
  std::optional<absl::string_view> content;
  switch (field.type) {
    case WireType::kVarint:
      if (!TakeVarint(bytes)) return std::nullopt;
      return field;
    case WireType::kFixed64:
      content = TakeBytes(8, bytes);
      break;
    case WireType::kFixed32:
      content = TakeBytes(4, bytes);
      break;
    case WireType::kBytes:
      if (const std::optional<uint64_t> length = TakeVarint(bytes)) {
        content = TakeBytes(*length, bytes);
      }
      break;
  }
  if (!content) return std::nullopt;
  field.bytes = *content;
  return field;
}

class Walk {
 public:
  // Recursion is as deep as the types of the API are nested: fields that are
  // not known are skipped, never entered.
  absl::Status Check(absl::string_view bytes, const Descriptor& type) {
    MARQUEE_CHECK(type.field_count() <= static_cast<int>(kMostFields));
    std::array<int, kMostFields> counts{};
    while (!bytes.empty()) {
      const std::optional<WireField> field = TakeField(bytes);
      if (!field) return NoMessage();
      if (++fields_ > kMaxRequestFields) {
        return absl::InvalidArgumentError(absl::StrCat(
            ": is beyond the ", kMaxRequestFields,
            " fields that a request may have, unknown ones included"));
      }
      const FieldDescriptor* const known =
          type.FindFieldByNumber(static_cast<int>(field->number));
      if (known == nullptr) continue;
      MARQUEE_RETURN_IF_ERROR(CheckKnown(
          *field, *known, counts[static_cast<size_t>(known->index())]));
    }
    return absl::OkStatus();
  }

 private:
  absl::Status CheckKnown(const WireField& field, const FieldDescriptor& known,
                          int& count) {
    if (known.is_repeated()) {
      // Numbers may be packed, many in one field.
      const bool packed = known.is_packable() && field.type == WireType::kBytes;
      count += packed ? CountPacked(known, field.bytes) : 1;
      if (const int most = MostOf(known); count > most) {
        return In(known, -1, TooMany(most));
      }
    }
    const int index = known.is_repeated() ? count - 1 : -1;
    if (field.type != WireType::kBytes) return absl::OkStatus();
    switch (known.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        return In(known, index, CheckText(field.bytes));
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return In(known, index, Check(field.bytes, *known.message_type()));
      default:
        return absl::OkStatus();
    }
  }

  // The API's only numbers in a list are floats of four bytes, and enumerations
  // as varints, of which the last byte has no high bit.
  static int CountPacked(const FieldDescriptor& field,
                         absl::string_view bytes) {
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_FLOAT) {
      return static_cast<int>(bytes.size() / sizeof(float));
    }
    return static_cast<int>(
        std::count_if(bytes.begin(), bytes.end(),
                      [](char byte) { return (byte & 0x80) == 0; }));
  }

  // Puts the field's name before the fault in it.
  static absl::Status In(const FieldDescriptor& field, int index,
                         const absl::Status& status) {
    if (status.ok()) return status;
    const absl::string_view what = status.message();
    return absl::InvalidArgumentError(absl::StrCat(
        field.name(), index < 0 ? "" : absl::StrCat("[", index, "]"),
        what[0] == ':' ? "" : ".", what));
  }

  int fields_ = 0;
};

}  // namespace

absl::Status CheckWire(absl::string_view bytes, const Descriptor& type) {
  const absl::Status status = Walk().Check(bytes, type);
  if (status.ok() || status.message()[0] != ':') return status;
  return absl::InvalidArgumentError(
      absl::StrCat("the request", status.message()));
}

}  // namespace marquee
