#include "core/model_import/json_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <system_error>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace marquee {

std::string JsonReader::Place() const {
  // Lines are counted only for an error. Reading a sound file keeps no count.
  const absl::string_view before = text_.substr(0, position_);
  const size_t line = std::count(before.begin(), before.end(), '\n') + 1;
  const size_t begin = before.rfind('\n');
  const size_t column =
      begin == absl::string_view::npos ? position_ + 1 : position_ - begin;
  return absl::StrCat(name_, ":", line, ":", column);
}

void JsonReader::SkipSpace() {
  while (position_ < text_.size() &&
         (text_[position_] == ' ' || text_[position_] == '\n' ||
          text_[position_] == '\t' || text_[position_] == '\r')) {
    ++position_;
  }
}

char JsonReader::Front() {
  SkipSpace();
  return position_ < text_.size() ? text_[position_] : '\0';
}

bool JsonReader::Take(char expected) {
  if (Front() != expected) return false;
  ++position_;
  return true;
}

absl::string_view JsonReader::Word() {
  SkipSpace();
  size_t end = position_;
  while (end < text_.size() &&
         (absl::ascii_isalnum(static_cast<unsigned char>(text_[end])) ||
          text_[end] == '+' || text_[end] == '-' || text_[end] == '.')) {
    ++end;
  }
  return text_.substr(position_, end - position_);
}

bool JsonReader::TakeWord(absl::string_view word) {
  if (Word() != word) return false;
  position_ += word.size();
  return true;
}

absl::StatusOr<JsonReader::Kind> JsonReader::Peek() {
  switch (Front()) {
    case '{':
      return Kind::kObject;
    case '[':
      return Kind::kArray;
    case '"':
      return Kind::kString;
    case 't':
    case 'f':
      return Kind::kBool;
    case 'n':
      return Kind::kNull;
    default:
      if (Word().empty()) return Fault("expected a value");
      return Kind::kNumber;
  }
}

absl::Status JsonReader::Open(char open) {
  if (!Take(open)) {
    return Fault(absl::StrCat("expected '", std::string(1, open), "'"));
  }
  at_first_.push_back(true);
  return absl::OkStatus();
}

absl::StatusOr<bool> JsonReader::Continue(char close) {
  if (Take(close)) {
    at_first_.pop_back();
    return false;
  }
  if (!at_first_.back() && !Take(',')) {
    return Fault(absl::StrCat("expected ',' or '", std::string(1, close), "'"));
  }
  at_first_.back() = false;
  return true;
}

absl::Status JsonReader::OpenObject() { return Open('{'); }
absl::Status JsonReader::OpenArray() { return Open('['); }
absl::StatusOr<bool> JsonReader::NextElement() { return Continue(']'); }

absl::StatusOr<bool> JsonReader::ReadKey(std::string* key) {
  MARQUEE_ASSIGN_OR_RETURN(const bool more, Continue('}'));
  if (!more) return false;
  MARQUEE_ASSIGN_OR_RETURN(*key, String());
  if (!Take(':')) return Fault("expected ':'");
  return true;
}

// Starts after the backslash.
absl::Status JsonReader::ReadEscape(std::string* value) {
  if (position_ == text_.size()) return Fault("the text ends in a string");
  const char escape = text_[position_++];
  if (escape == 'u') {
    const absl::string_view digits = text_.substr(position_, 4);
    uint32_t code = 0;
    // SimpleHexAtoi also takes "0x7" and spaces.
    if (digits.size() < 4 || !absl::c_all_of(digits, absl::ascii_isxdigit) ||
        !absl::SimpleHexAtoi(digits, &code) || code > 0x7f) {
      return Fault("expected an escape of an ASCII character");
    }
    position_ += 4;
    value->push_back(static_cast<char>(code));
    return absl::OkStatus();
  }
  static constexpr char kEscapes[] = "\"\\/bfnrt";
  static constexpr char kMeanings[] = "\"\\/\b\f\n\r\t";
  // strchr also finds the zero that ends its text.
  const char* const found =
      escape == '\0' ? nullptr : std::strchr(kEscapes, escape);
  if (found == nullptr) return Fault("has an escape that JSON does not have");
  value->push_back(kMeanings[found - kEscapes]);
  return absl::OkStatus();
}

absl::StatusOr<std::string> JsonReader::String() {
  if (!Take('"')) return Fault("expected a string");
  const size_t open = position_ - 1;
  std::string value;
  while (true) {
    const size_t end = text_.find_first_of("\"\\", position_);
    if (end == absl::string_view::npos) {
      position_ = open;
      return Fault("the quote that opens here is never closed");
    }
    absl::StrAppend(&value, text_.substr(position_, end - position_));
    position_ = end + 1;
    if (text_[end] == '"') return value;
    MARQUEE_RETURN_IF_ERROR(ReadEscape(&value));
  }
}

absl::StatusOr<int64_t> JsonReader::Int() {
  const absl::string_view word = Word();
  int64_t value = 0;
  const char* const end = word.data() + word.size();
  const auto result = std::from_chars(word.data(), end, value);
  if (word.empty() || result.ec != std::errc() || result.ptr != end) {
    return Fault("expected an integer");
  }
  position_ += word.size();
  return value;
}

template <typename T>
absl::StatusOr<T> JsonReader::Number() {
  const absl::string_view word = Word();
  T value = 0;
  const char* const end = word.data() + word.size();
  // Not strtod, which needs a zero behind the number and follows the locale.
  const auto result = std::from_chars(word.data(), end, value);
  const bool out_of_range = result.ec == std::errc::result_out_of_range;
  if (word.empty() || (result.ec != std::errc() && !out_of_range) ||
      result.ptr != end) {
    return Fault("expected a number");
  }
  // from_chars gives no value for a decimal that rounds to 0 or to infinity.
  if (out_of_range) {
    const std::string text(word);
    value = std::is_same_v<T, float> ? std::strtof(text.c_str(), nullptr)
                                     : std::strtod(text.c_str(), nullptr);
  }
  if (std::is_same_v<T, float> && out_of_range && std::isinf(value)) {
    return Fault("the number does not fit a float32");
  }
  position_ += word.size();
  return value;
}

absl::StatusOr<float> JsonReader::Float() { return Number<float>(); }
absl::StatusOr<double> JsonReader::Double() { return Number<double>(); }

absl::StatusOr<bool> JsonReader::Bool() {
  if (TakeWord("true") || TakeWord("1")) return true;
  if (TakeWord("false") || TakeWord("0")) return false;
  return Fault("expected true, false, 1 or 0");
}

absl::Status JsonReader::ReadNull() {
  if (!TakeWord("null")) return Fault("expected null");
  return absl::OkStatus();
}

// Does not convert the number: it may be a double that no float32 can hold.
absl::Status JsonReader::SkipNumber() {
  const absl::string_view word = Word();
  const char* const end = word.data() + word.size();
  double value = 0;
  const auto result = std::from_chars(word.data(), end, value);
  if (word.empty() || result.ec == std::errc::invalid_argument ||
      result.ptr != end) {
    return Fault("expected a number");
  }
  position_ += word.size();
  return absl::OkStatus();
}

absl::Status JsonReader::ExpectEnd() {
  SkipSpace();
  if (position_ != text_.size()) return Fault("expected the end of the file");
  return absl::OkStatus();
}

}  // namespace marquee
