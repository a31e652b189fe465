// Moments on the command line.
#ifndef MARQUEE_OFFLINE_CLI_TIMESTAMP_H_
#define MARQUEE_OFFLINE_CLI_TIMESTAMP_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace marquee {

// Unix seconds from themselves, a day ("2026-05-01": its beginning in UTC) or
// RFC 3339 ("2026-05-01T12:00:00Z"). Errors: InvalidArgument that names the
// option.
absl::StatusOr<int64_t> ParseTimestamp(absl::string_view option,
                                       const std::string& text);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_CLI_TIMESTAMP_H_
