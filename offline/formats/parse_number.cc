#include "offline/formats/parse_number.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace marquee {
namespace {

// std::from_chars does not accept a plus sign. "+-1" stays an error.
absl::string_view Digits(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') {
    text.remove_prefix(1);
  }
  return text;
}

absl::Status NotANumber(absl::string_view text, absl::string_view wanted) {
  if (absl::StripAsciiWhitespace(text).empty()) {
    return absl::DataLossError(absl::StrCat("is empty, not ", wanted));
  }
  return absl::DataLossError(
      absl::StrCat(QuoteForError(text), " is not ", wanted));
}

float ToFloating(const char* text, float) { return std::strtof(text, nullptr); }
double ToFloating(const char* text, double) {
  return std::strtod(text, nullptr);
}

// Returns what would be right instead of a number that the type can not hold.
template <typename T>
std::string Wanted() {
  return absl::StrCat("a finite number of at most ",
                      sizeof(T) == 4 ? "3.4e38" : "1.8e308",
                      ", with either sign, is wanted");
}

template <typename T>
absl::StatusOr<T> ParseFloating(absl::string_view text, NonFinite policy) {
  const absl::string_view digits = Digits(text);
  const char* const end = digits.data() + digits.size();
  T value = 0;
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (error == std::errc::invalid_argument || stop != end) {
    return NotANumber(text, "a number");
  }
  if (error == std::errc::result_out_of_range) {
    // The number is too large or too small: from_chars does not say which.
    value = ToFloating(std::string(digits).c_str(), T{});
    if (!std::isfinite(value)) {
      return absl::DataLossError(
          absl::StrCat(QuoteForError(text), " does not fit: ", Wanted<T>()));
    }
  }
  if (!std::isfinite(value) && policy == NonFinite::kRefuse) {
    return absl::DataLossError(absl::StrCat(
        QuoteForError(text), " is not a finite number: ", Wanted<T>()));
  }
  return value;
}

}  // namespace

absl::StatusOr<int64_t> ParseInt64(absl::string_view text) {
  const absl::string_view digits = Digits(text);
  const char* const end = digits.data() + digits.size();
  int64_t value = 0;
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (error == std::errc::result_out_of_range) {
    return absl::DataLossError(
        absl::StrCat(QuoteForError(text),
                     " does not fit: a whole number of 64 bits, "
                     "-9223372036854775808 to 9223372036854775807, is wanted"));
  }
  if (error != std::errc() || stop != end) {
    return NotANumber(text, "a whole number");
  }
  return value;
}

absl::StatusOr<float> ParseFloat(absl::string_view text, NonFinite policy) {
  return ParseFloating<float>(text, policy);
}

absl::StatusOr<double> ParseDouble(absl::string_view text, NonFinite policy) {
  return ParseFloating<double>(text, policy);
}

std::string QuoteForError(absl::string_view text) {
  constexpr size_t kShown = 40;
  if (text.size() <= kShown) {
    return absl::StrCat("'", absl::CHexEscape(text), "'");
  }
  return absl::StrCat("'", absl::CHexEscape(text.substr(0, kShown)), "'...");
}

}  // namespace marquee
