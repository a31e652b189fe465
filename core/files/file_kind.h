// Recognises files that are not in one of our formats by their beginning, for
// the errors of readers.
#ifndef MARQUEE_CORE_FILES_FILE_KIND_H_
#define MARQUEE_CORE_FILES_FILE_KIND_H_

#include <optional>

#include "absl/strings/string_view.h"

namespace marquee {

struct FileKind {
  enum class Form {
    kPacked,  // holds something else; must be unpacked
    kData,    // a table or matrix
    kPickle   // only Python can read it
  };
  absl::string_view name;  // "a gzip file"
  Form form;
};

// Returns the kind of a file that begins with these bytes, of which some 16 are
// enough. Absent: not one of the binary formats that people mistake for ours.
// Text never matches.
std::optional<FileKind> FindFileKind(absl::string_view bytes);

// Whether the text is UTF-16, recognised by its mark or by zeros in every other
// byte.
bool IsUtf16(absl::string_view text);

// Returns why a whole text is unreadable, and what would be right: the text is
// UTF-16, or its lines end with a carriage return alone, as old spreadsheets
// write them. The latter is a text without any newline that has a carriage
// return before its last byte. Returns an empty string if neither is so.
absl::string_view FindTextFault(absl::string_view text);

}  // namespace marquee

#endif  // MARQUEE_CORE_FILES_FILE_KIND_H_
