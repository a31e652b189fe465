// Parses moments as people and exports write them.
#ifndef MARQUEE_OFFLINE_FORMATS_MOMENT_H_
#define MARQUEE_OFFLINE_FORMATS_MOMENT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace marquee {

// Returns Unix seconds of the years 1970 to 9999. Accepts these seconds, a day
// ("2026-05-01", meaning its beginning in UTC), and RFC 3339
// ("2026-05-01T12:00:00Z"; drops a fraction of a second). Ignores spaces around
// the text. Errors: DataLoss that quotes the text and says what would be right;
// for milliseconds, the seconds; for a compact day, the day.
absl::StatusOr<int64_t> ParseMoment(absl::string_view text);

// Returns "2026-05-01" for 20260501, a day without dashes, which as seconds
// would be in 1970. Empty if the number is not a day of the years 1900 to 2099.
std::string CompactDay(int64_t number);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_FORMATS_MOMENT_H_
