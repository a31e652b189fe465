#include "offline/cli/timestamp.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "core/pipeline/request_limits.h"
#include "offline/data/moment.h"

namespace marquee {
namespace {

// The day that compact digits stand for, as in "20260501"; empty: none.
std::string CompactDay(const std::string& text) {
  if (text.size() != 8 ||
      !std::all_of(text.begin(), text.end(), absl::ascii_isdigit)) {
    return "";
  }
  const std::string day = absl::StrCat(text.substr(0, 4), "-",
                                       text.substr(4, 2), "-", text.substr(6));
  absl::CivilDay parsed;
  const bool is_day = absl::ParseCivilTime(day, &parsed) &&
                      parsed.year() >= 1900 && parsed.year() < 2100;
  return is_day ? day : "";
}

}  // namespace

absl::StatusOr<int64_t> ParseTimestamp(absl::string_view option,
                                       const std::string& text) {
  if (const std::string day = CompactDay(text); !day.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(option, " '", text, "' is a moment of 1970: write ", day,
                     " for the day, or the moment as RFC 3339"));
  }
  const absl::StatusOr<int64_t> seconds = ParseMoment(text);
  if (seconds.ok()) return seconds;
  return absl::InvalidArgumentError(
      absl::StrCat(option, " ", seconds.status().message()));
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
