// Moments as people and exports write them.
#ifndef MARQUEE_OFFLINE_FORMATS_MOMENT_H_
#define MARQUEE_OFFLINE_FORMATS_MOMENT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace marquee {

// Unix seconds of the years 1970 to 9999 from themselves, a day ("2026-05-01":
// its beginning in UTC) or RFC 3339 ("2026-05-01T12:00:00Z"; a fraction of a
// second is dropped). Blanks around are ignored. Errors: DataLoss that quotes
// the text and says what would be right; for milliseconds, which seconds; for a
// compact day, which day.
absl::StatusOr<int64_t> ParseMoment(absl::string_view text);

// "2026-05-01" for 20260501, a day without its dashes, which as seconds would
// be of 1970; empty for a number that is none of the years 1900 to 2099.
std::string CompactDay(int64_t number);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_FORMATS_MOMENT_H_
