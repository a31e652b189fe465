// Parses numbers in text files, strictly and independent of the locale. Errors
// quote the text and say what would be right; the caller adds file and line.
#ifndef MARQUEE_OFFLINE_FORMATS_PARSE_NUMBER_H_
#define MARQUEE_OFFLINE_FORMATS_PARSE_NUMBER_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace marquee {

enum class NonFinite { kRefuse, kAllow };

// Ignores spaces around the digits and allows a leading plus. A value too small
// for the type is rounded to a subnormal or zero. Errors: DataLoss if the text
// is empty, not a number or out of range, and for NaN and infinities ("nan",
// "-inf") unless `policy` allows them.
absl::StatusOr<int64_t> ParseInt64(absl::string_view text);
absl::StatusOr<float> ParseFloat(absl::string_view text, NonFinite policy);
absl::StatusOr<double> ParseDouble(absl::string_view text, NonFinite policy);

// Returns the text between single quotes, shortened, with control characters
// escaped: safe to show from a hostile file.
std::string QuoteForError(absl::string_view text);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_FORMATS_PARSE_NUMBER_H_
