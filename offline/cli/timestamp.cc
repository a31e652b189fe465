#include "offline/cli/timestamp.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/pipeline/request_limits.h"
#include "offline/data/moment.h"

namespace marquee {
absl::StatusOr<int64_t> ParseTimestamp(absl::string_view option,
                                       const std::string& text) {
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
