// What a file is that is none of ours, told by how it begins: for the errors of
// readers.
#ifndef MARQUEE_CORE_FILES_FILE_KIND_H_
#define MARQUEE_CORE_FILES_FILE_KIND_H_

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

// Whether it is UTF-16, told by its mark or by zeros in every other byte.
bool IsUtf16(absl::string_view text);

// What makes a whole text unreadable to us, and what would be right: it is
// UTF-16, or its lines end with a carriage return alone, as old spreadsheets
// write them (one that is not before a newline, where there is no newline at
// all). Empty: neither.
absl::string_view FindTextFault(absl::string_view text);

}  // namespace marquee

#endif  // MARQUEE_CORE_FILES_FILE_KIND_H_
