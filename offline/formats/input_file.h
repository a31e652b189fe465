// A file read from front to back through a window that grows on demand: what
// the readers of text formats stand on. Works on pipes as well as on regular
// files, so `<(zstd -dc interactions.csv.zst)` is a valid input.
#ifndef MARQUEE_OFFLINE_FORMATS_INPUT_FILE_H_
#define MARQUEE_OFFLINE_FORMATS_INPUT_FILE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace marquee {

// Externally synchronised.
class InputFile {
 public:
  // Errors: NotFound; FailedPrecondition for a directory or what the system
  // said.
  static absl::StatusOr<std::unique_ptr<InputFile>> Open(
      const std::string& path);

  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  ~InputFile();

  // The bytes that are in memory and not consumed. The caller may change them
  // in place.
  std::span<char> window() { return {buffer_.data() + begin_, end_ - begin_}; }

  // Reads at least one more byte behind the window, and doubles the buffer
  // when it is full; invalidates earlier windows. False at the end of the file.
  absl::StatusOr<bool> Extend();

  // Before anything is consumed: drops the mark of UTF-8 that some programs put
  // before a text. Errors: as Extend; DataLoss for a file that is no text but
  // of a known format, such as gzip, and for lines that end with a carriage
  // return alone.
  absl::Status BeginText();

  // Drops the first `bytes` of the window; they stay readable until Extend.
  void Consume(size_t bytes) {
    begin_ += bytes;
    consumed_ += bytes;
  }

  uint64_t consumed_bytes() const { return consumed_; }
  // 0 when the size is not known in advance (a pipe).
  uint64_t size_bytes() const { return size_; }
  const std::string& path() const { return path_; }

 private:
  InputFile(std::string path, int descriptor, uint64_t size);

  const std::string path_;
  const int descriptor_;
  const uint64_t size_;
  std::vector<char> buffer_;
  size_t begin_ = 0;
  size_t end_ = 0;
  uint64_t consumed_ = 0;
};

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_FORMATS_INPUT_FILE_H_
