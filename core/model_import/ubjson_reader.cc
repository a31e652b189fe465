#include "core/model_import/ubjson_reader.h"

#include <bit>
#include <cmath>
#include <limits>
#include <type_traits>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace marquee {
namespace {

// Types whose values have bytes of their own and contain no other values.
// Characters are left out, though UBJSON has them: no writer of models makes
// such arrays, and a string for each byte of a file would take too much memory.
constexpr absl::string_view kElementTypes = "iUIlLdDS";

}  // namespace

std::string UbjsonReader::Place() const {
  return absl::StrCat(name_, ": byte ", position_);
}

bool UbjsonReader::Take(char expected) {
  if (Left() == 0 || Front() != expected) return false;
  ++position_;
  return true;
}

// UBJSON allows no-ops before any value.
void UbjsonReader::SkipNoOps() {
  while (Take('N')) {
  }
}

char UbjsonReader::Marker() {
  // Values of a typed container have no markers of their own.
  if (!open_.empty() && open_.back().type != 0) return open_.back().type;
  SkipNoOps();
  return Front();
}

char UbjsonReader::TakeMarker() {
  const char marker = Marker();
  if (Left() > 0 && (open_.empty() || open_.back().type == 0)) ++position_;
  return marker;
}

absl::StatusOr<absl::string_view> UbjsonReader::Bytes(uint64_t count) {
  if (count > Left()) {
    return Fault(absl::StrCat(
        count, " bytes are needed",
        Left() == 0 ? "" : absl::StrCat(", ", Left(), " are left")));
  }
  const absl::string_view bytes = bytes_.substr(position_, count);
  position_ += count;
  return bytes;
}

template <typename T>
absl::StatusOr<T> UbjsonReader::Number() {
  MARQUEE_ASSIGN_OR_RETURN(const absl::string_view bytes, Bytes(sizeof(T)));
  uint64_t bits = 0;
  // UBJSON is big-endian.
  for (const char byte : bytes) bits = bits << 8 | static_cast<uint8_t>(byte);
  if constexpr (std::is_same_v<T, float>) {
    return std::bit_cast<float>(static_cast<uint32_t>(bits));
  } else if constexpr (std::is_same_v<T, double>) {
    return std::bit_cast<double>(bits);
  } else {
    return static_cast<T>(bits);
  }
}

absl::StatusOr<int64_t> UbjsonReader::IntOf(char marker) {
  switch (marker) {
    case 'i':
      return Number<int8_t>();
    case 'U':
      return Number<uint8_t>();
    case 'I':
      return Number<int16_t>();
    case 'l':
      return Number<int32_t>();
    case 'L':
      return Number<int64_t>();
    default:
      return Fault("expected an integer");
  }
}

absl::StatusOr<uint64_t> UbjsonReader::Length() {
  const char marker = Front();
  if (Left() > 0) ++position_;
  MARQUEE_ASSIGN_OR_RETURN(const int64_t length, IntOf(marker));
  if (length < 0) return Fault(absl::StrCat("the length ", length));
  return static_cast<uint64_t>(length);
}

absl::StatusOr<PullReader::Kind> UbjsonReader::Peek() {
  switch (Marker()) {
    case '{':
      return Kind::kObject;
    case '[':
      return Kind::kArray;
    case 'S':
    case 'C':
      return Kind::kString;
    case 'T':
    case 'F':
      return Kind::kBool;
    case 'Z':
      return Kind::kNull;
    case 'i':
    case 'U':
    case 'I':
    case 'l':
    case 'L':
    case 'd':
    case 'D':
      return Kind::kNumber;
    case 'H':
      return Fault("high-precision numbers are not read");
    default:
      return Fault("expected a value");
  }
}

absl::Status UbjsonReader::Open(char bracket) {
  if (Marker() != bracket) {
    return Fault(
        absl::StrCat("expected ", bracket == '{' ? "an object" : "an array"));
  }
  TakeMarker();
  Container container;
  // A container may have a type ($), which needs a count, and a count (#),
  // which replaces the closing bracket.
  if (Take('$')) {
    container.type = Front();
    if (Left() == 0 ||
        kElementTypes.find(container.type) == absl::string_view::npos) {
      return Fault("can not be the type of all values of a container");
    }
    ++position_;
    if (Front() != '#') return Fault("expected '#' behind the type");
  }
  if (Take('#')) {
    container.is_counted = true;
    MARQUEE_ASSIGN_OR_RETURN(container.left, Length());
    // Each element takes at least one byte.
    if (container.left > Left()) {
      return Fault(absl::StrCat("says that it has ", container.left,
                                " values, but only ", Left(),
                                " bytes are left"));
    }
  }
  open_.push_back(container);
  return absl::OkStatus();
}

absl::StatusOr<bool> UbjsonReader::Continue(char close) {
  Container& container = open_.back();
  bool more = container.left > 0;
  if (container.is_counted) {
    container.left -= more ? 1 : 0;
  } else {
    SkipNoOps();
    more = !Take(close);
    if (more && Left() == 0) {
      return Fault("is within an object or array");
    }
  }
  if (!more) open_.pop_back();
  return more;
}

absl::StatusOr<bool> UbjsonReader::NextElement() { return Continue(']'); }

absl::StatusOr<bool> UbjsonReader::ReadKey(std::string* key) {
  MARQUEE_ASSIGN_OR_RETURN(const bool more, Continue('}'));
  if (!more) return false;
  MARQUEE_ASSIGN_OR_RETURN(const uint64_t length, Length());
  MARQUEE_ASSIGN_OR_RETURN(const absl::string_view bytes, Bytes(length));
  *key = std::string(bytes);
  return true;
}

absl::StatusOr<std::string> UbjsonReader::String() {
  const char marker = Marker();
  if (marker != 'S' && marker != 'C') return Fault("expected a string");
  TakeMarker();
  uint64_t length = 1;
  if (marker == 'S') {
    MARQUEE_ASSIGN_OR_RETURN(length, Length());
  }
  MARQUEE_ASSIGN_OR_RETURN(const absl::string_view bytes, Bytes(length));
  return std::string(bytes);
}

absl::StatusOr<int64_t> UbjsonReader::Int() { return IntOf(TakeMarker()); }

absl::StatusOr<double> UbjsonReader::Double() {
  const char marker = TakeMarker();
  if (marker == 'd') return Number<float>();
  if (marker == 'D') return Number<double>();
  MARQUEE_ASSIGN_OR_RETURN(const int64_t value, IntOf(marker));
  return static_cast<double>(value);
}

absl::StatusOr<float> UbjsonReader::Float() {
  const char marker = TakeMarker();
  if (marker == 'd') return Number<float>();
  if (marker != 'D') {
    MARQUEE_ASSIGN_OR_RETURN(const int64_t value, IntOf(marker));
    return static_cast<float>(value);
  }
  MARQUEE_ASSIGN_OR_RETURN(const double value, Number<double>());
  const auto rounded = static_cast<float>(value);
  if (std::isinf(rounded) && !std::isinf(value)) {
    return Fault("the number does not fit a float32");
  }
  return rounded;
}

absl::StatusOr<bool> UbjsonReader::Bool() {
  const char marker = TakeMarker();
  if (marker == 'T') return true;
  if (marker == 'F') return false;
  MARQUEE_ASSIGN_OR_RETURN(const int64_t value, IntOf(marker));
  if (value != 0 && value != 1) return Fault("expected true, false, 1 or 0");
  return value == 1;
}

absl::Status UbjsonReader::SkipNumber() {
  const char marker = Marker();
  if (marker != 'd' && marker != 'D') return Int().status();
  TakeMarker();
  return Bytes(marker == 'd' ? sizeof(float) : sizeof(double)).status();
}

absl::Status UbjsonReader::ReadNull() {
  if (TakeMarker() != 'Z') return Fault("expected null");
  return absl::OkStatus();
}

absl::Status UbjsonReader::ExpectEnd() {
  SkipNoOps();
  if (Left() > 0) return Fault("expected the end of the file");
  return absl::OkStatus();
}

}  // namespace marquee
