#include "offline/formats/timestamp.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/request_limits.h"
#include "offline/formats/moment.h"

namespace marquee {
namespace {

// For a year or a month in digits, which as seconds would be of January 1970;
// empty for other numbers.
std::string FirstDayOf(int64_t number) {
  const auto is_year = [](int64_t year) { return year >= 1900 && year < 2100; };
  if (is_year(number)) return absl::StrCat(number, "-01-01");
  const int64_t month = number % 100;
  if (!is_year(number / 100) || month < 1 || month > 12) return "";
  return absl::StrFormat("%d-%02d-01", number / 100, month);
}

}  // namespace

absl::StatusOr<int64_t> ParseTimestamp(absl::string_view option,
                                       const std::string& text) {
  const absl::StatusOr<int64_t> seconds = ParseMoment(text);
  if (!seconds.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(option, " ", seconds.status().message()));
  }
  const std::string day = FirstDayOf(*seconds);
  if (day.empty()) return seconds;
  return absl::InvalidArgumentError(
      absl::StrCat(option, " '", text, "' is a moment of January 1970: write ",
                   day, " for the day, or seconds since 1970"));
}

absl::StatusOr<absl::Time> ParseNow(absl::string_view option,
                                    const std::string& text) {
  const absl::StatusOr<int64_t> seconds = ParseTimestamp(option, text);
  if (!seconds.ok()) return seconds.status();
  if (*seconds <= kMaxSeconds) return absl::FromUnixSeconds(*seconds);
  return absl::InvalidArgumentError(absl::StrCat(
      option, " '", text, "': must be a moment from 1970 to 2106"));
}

}  // namespace marquee
