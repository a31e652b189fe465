// A file that is read from front to back through a window that grows on demand.
// The readers of text formats use it. It reads pipes as well as regular files,
// so `<(zstd -dc interactions.csv.zst)` is a valid input.
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
  // Errors: NotFound; FailedPrecondition for a directory, or with the system's
  // error.
  static absl::StatusOr<std::unique_ptr<InputFile>> Open(
      const std::string& path);

  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  ~InputFile();

  // The bytes in memory that are not consumed. The caller may change them in
  // place.
  std::span<char> window() { return {buffer_.data() + begin_, end_ - begin_}; }

  // Reads at least one more byte behind the window; doubles the buffer if it is
  // full. Invalidates earlier windows. Returns false at the end of the file.
  absl::StatusOr<bool> Extend();

  // Drops the UTF-8 byte order mark that some programs put before a text.
  // Requires: nothing is consumed yet. Errors: as Extend; DataLoss for a file
  // that is not text but of a known format, such as gzip, and for lines that
  // end with a carriage return alone.
  absl::Status BeginText();

  // Drops the first `bytes` of the window. They stay readable until Extend.
  void Consume(size_t bytes) {
    begin_ += bytes;
    consumed_ += bytes;
  }

  uint64_t consumed_bytes() const { return consumed_; }
  // 0: the size is not known in advance (a pipe).
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
