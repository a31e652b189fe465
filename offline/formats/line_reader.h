// Reads a text file line by line.
#ifndef MARQUEE_OFFLINE_FORMATS_LINE_READER_H_
#define MARQUEE_OFFLINE_FORMATS_LINE_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "offline/formats/input_file.h"

namespace marquee {

// Lines end with LF or CRLF; the last one may end with the file. A UTF-8 byte
// order mark before the first line is dropped. Externally synchronised.
class LineReader {
 public:
  // A line of more than `max_bytes` is an error. Errors: those of
  // InputFile::Open and BeginText.
  static absl::StatusOr<std::unique_ptr<LineReader>> Open(
      const std::string& path, size_t max_bytes);

  // Moves to the next line. Returns false at the end. Errors: DataLoss that
  // names file and line.
  absl::StatusOr<bool> Next();

  // The line without its end. Valid until the next call of Next.
  absl::string_view text() const { return text_; }
  uint64_t line() const { return line_; }  // the first is 1

  // Returns DataLoss "FILE:LINE: WHAT".
  absl::Status Fault(absl::string_view what) const;

  uint64_t consumed_bytes() const { return file_->consumed_bytes(); }
  uint64_t size_bytes() const { return file_->size_bytes(); }
  const std::string& path() const { return file_->path(); }

 private:
  LineReader(std::unique_ptr<InputFile> file, size_t max_bytes)
      : file_(std::move(file)), max_bytes_(max_bytes) {}

  const std::unique_ptr<InputFile> file_;
  const size_t max_bytes_;
  absl::string_view text_;
  uint64_t line_ = 0;
};

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_FORMATS_LINE_READER_H_
