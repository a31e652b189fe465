// What a file is that is none of ours, told by how it begins: for the errors of
// readers.
#ifndef MARQUEE_CORE_BASE_FILE_KIND_H_
#define MARQUEE_CORE_BASE_FILE_KIND_H_

#include <optional>

#include "absl/strings/string_view.h"

namespace marquee {

struct FileKind {
  enum class Form {
    kPacked,  // something else, to be unpacked
    kData,    // a table or matrix
    kPickle   // what Python alone can read
  };
  absl::string_view name;  // "a gzip file"
  Form form;
};

// Of a file that begins with these bytes, some 16 of them. Absent: it is none
// of the binary formats that people mistake for ours. No text is any of them.
std::optional<FileKind> FindFileKind(absl::string_view bytes);

// Whether lines end with a carriage return alone, as old spreadsheets write
// them: one that is not before a newline, where there is no newline at all. To
// our readers such a text is one line.
bool EndsLinesWithReturns(absl::string_view text);
inline constexpr absl::string_view kReturnsFault =
    "its lines end with a carriage return alone: write newlines, as "
    "`tr '\\r' '\\n'` does";

}  // namespace marquee

#endif  // MARQUEE_CORE_BASE_FILE_KIND_H_
