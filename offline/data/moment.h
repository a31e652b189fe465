// Moments as people and exports write them.
#ifndef MARQUEE_OFFLINE_DATA_MOMENT_H_
#define MARQUEE_OFFLINE_DATA_MOMENT_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace marquee {

// Unix seconds of the years 1970 to 9999 from themselves, a day ("2026-05-01":
// its beginning in UTC) or RFC 3339 ("2026-05-01T12:00:00Z"; a fraction of a
// second is dropped). Blanks around are ignored. Errors: DataLoss that quotes
// the text and says what would be right; for milliseconds, which seconds.
absl::StatusOr<int64_t> ParseMoment(absl::string_view text);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DATA_MOMENT_H_
