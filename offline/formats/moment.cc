#include "offline/formats/moment.h"

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "offline/formats/parse_number.h"

namespace marquee {
namespace {

constexpr int64_t kLastSecond = 253402300799;  // of the year 9999

bool IsInRange(int64_t seconds) {
  return seconds >= 0 && seconds <= kLastSecond;
}

// A number too large for seconds is probably milliseconds, microseconds or
// nanoseconds.
std::string Hint(int64_t value) {
  for (const int64_t unit : {1000, 1'000'000, 1'000'000'000}) {
    if (value > kLastSecond && IsInRange(value / unit)) {
      return absl::StrCat("; in seconds it may be ", value / unit);
    }
  }
  return "";
}

// Returns a hint for a text that is almost a moment.
std::string HintOfText(absl::string_view text) {
  double number = 0;
  if (absl::SimpleAtod(text, &number)) {
    // Only if an int64 can hold the number.
    const bool is_whole =
        number >= 0 && number < 9e18 && number == std::floor(number);
    if (!is_whole) return "";
    const auto whole = static_cast<int64_t>(number);
    return whole > kLastSecond ? Hint(whole)
                               : absl::StrCat("; in seconds it may be ", whole);
  }
  for (const char* const format : {"%Y-%m-%d %H:%M:%E*S", "%Y-%m-%dT%H:%M:%E*S",
                                   "%Y-%m-%d %H:%M:%E*S%Ez"}) {
    absl::Time time;
    std::string error;
    if (!absl::ParseTime(format, text, &time, &error)) continue;
    return absl::StrCat(
        "; it may be ",
        absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone()),
        ", where Z is the zone, here UTC");
  }
  return "";
}

}  // namespace

std::string CompactDay(int64_t number) {
  if (number < 1900'01'01 || number > 2099'12'31) return "";
  const absl::CivilDay day(number / 10000, number / 100 % 100, number % 100);
  const bool is_day = day.year() == number / 10000 &&
                      day.month() == number / 100 % 100 &&
                      day.day() == number % 100;
  return is_day ? absl::FormatCivilTime(day) : "";
}

absl::StatusOr<int64_t> ParseMoment(absl::string_view text) {
  const absl::string_view moment = absl::StripAsciiWhitespace(text);
  int64_t seconds = 0;
  const bool is_number = absl::SimpleAtoi(moment, &seconds);
  if (const std::string day = is_number ? CompactDay(seconds) : "";
      !day.empty()) {
    return absl::DataLossError(
        absl::StrCat(QuoteForError(text), " is a moment of August 1970: write ",
                     day, " for the day, or seconds since 1970"));
  }
  if (is_number && IsInRange(seconds)) return seconds;
  if (!is_number) {
    absl::CivilDay day;
    absl::Time time;
    std::string error;
    if (moment.size() == 10 && absl::ParseCivilTime(moment, &day)) {
      time = absl::FromCivil(day, absl::UTCTimeZone());
    } else if (!absl::ParseTime(absl::RFC3339_full, moment, &time, &error)) {
      time = absl::InfinitePast();
    }
    seconds = absl::ToUnixSeconds(time);
    if (IsInRange(seconds)) return seconds;
  }
  return absl::DataLossError(absl::StrCat(
      QuoteForError(text),
      " is not a moment in the years 1970 to 9999: write whole Unix seconds, "
      "2026-05-01 or 2026-05-01T12:00:00Z",
      is_number ? Hint(seconds) : HintOfText(moment)));
}

}  // namespace marquee
