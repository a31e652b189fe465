// Reads moments on the command line.
#ifndef MARQUEE_OFFLINE_FORMATS_TIMESTAMP_H_
#define MARQUEE_OFFLINE_FORMATS_TIMESTAMP_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace marquee {

// As ParseMoment of moment.h, but refuses numbers that are years or months,
// such as 2026 and 202605. Errors: InvalidArgument that names the option.
absl::StatusOr<int64_t> ParseTimestamp(absl::string_view option,
                                       const std::string& text);
// As ParseTimestamp, for the moment of a request: at most kMaxSeconds of
// request_limits.h.
absl::StatusOr<absl::Time> ParseNow(absl::string_view option,
                                    const std::string& text);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_FORMATS_TIMESTAMP_H_
