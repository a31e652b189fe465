// Checks whether text is UTF-8. Text from files that ends in string fields of
// protocol buffers or in a scrape must be UTF-8: clients and scrapers refuse
// the whole message otherwise.
#ifndef MARQUEE_CORE_BASE_UTF8_H_
#define MARQUEE_CORE_BASE_UTF8_H_

#include <cstddef>

#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace marquee {

// Returns the offset of the first byte that does not begin a character of UTF-8
// (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF. npos:
// the whole text is UTF-8.
size_t FindInvalidUtf8(absl::string_view text);

// The mark that some programs put before a text to say that it is UTF-8.
inline constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

inline absl::string_view WithoutByteOrderMark(absl::string_view text) {
  absl::ConsumePrefix(&text, kByteOrderMark);
  return text;
}

}  // namespace marquee

#endif  // MARQUEE_CORE_BASE_UTF8_H_
