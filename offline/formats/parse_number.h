// Numbers in text files: strict, locale-free, and with errors that quote the
// text and say what would be right. The caller adds file and line.
#ifndef MARQUEE_OFFLINE_FORMATS_PARSE_NUMBER_H_
#define MARQUEE_OFFLINE_FORMATS_PARSE_NUMBER_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace marquee {

enum class NonFinite { kRefuse, kAllow };

// Spaces around the digits are ignored; a leading plus is allowed. Errors:
// DataLoss when the text is empty, not a number or out of range; a value too
// small for the type is rounded to a subnormal or zero, not an error. NaN and
// infinities ("nan", "-inf") only where they are allowed.
absl::StatusOr<int64_t> ParseInt64(absl::string_view text);
absl::StatusOr<float> ParseFloat(absl::string_view text, NonFinite policy);
absl::StatusOr<double> ParseDouble(absl::string_view text, NonFinite policy);

// The text between single quotes, shortened, control characters escaped: what
// an error may show of a hostile file.
std::string QuoteForError(absl::string_view text);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_FORMATS_PARSE_NUMBER_H_
