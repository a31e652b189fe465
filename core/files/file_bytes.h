// The bytes of a whole file in memory, and where they lie.
//
//   MARQUEE_ASSIGN_OR_RETURN(auto bytes,
//                            FileBytes::Open(path, Placement::kHugePages));
//
// Who only ever maps uses MappedFile.
#ifndef MARQUEE_CORE_FILES_FILE_BYTES_H_
#define MARQUEE_CORE_FILES_FILE_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace marquee {

enum class Placement : uint8_t {
  // The system's own pages of the file (mapped_file.h): shared with other
  // processes, loaded at no cost, dropped and read again when memory is short.
  kMapped,
  // A copy in anonymous memory that asks for huge pages (file_copy.h): random
  // reads miss the TLB less. It is this process' alone and is never dropped.
  kHugePages,
};

// "mapped", "huge_pages".
absl::string_view PlacementName(Placement placement);

// Which file a path names, and in what state: two paths to one file that
// nobody wrote to in between have equal ones.
struct FileId {
  // Errors: NotFound, or what the system said.
  static absl::StatusOr<FileId> Of(const std::string& path);

  friend bool operator==(const FileId&, const FileId&) = default;

  uint64_t device = 0;
  uint64_t inode = 0;
  uint64_t bytes = 0;
  int64_t written_s = 0;  // Unix time
  int64_t written_ns = 0;
};

// Immutable after construction. Owns the memory.
class FileBytes {
 public:
  // Errors: those of MappedFile or FileCopy; NotFound, or what the system said.
  // An empty file gives an empty span.
  static absl::StatusOr<std::unique_ptr<const FileBytes>> Open(
      const std::string& path, Placement placement);
  // What the descriptor holds now; the descriptor stays the caller's. `name` is
  // for errors.
  static absl::StatusOr<std::unique_ptr<const FileBytes>> FromDescriptor(
      int descriptor, const std::string& name, Placement placement);

  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;
  virtual ~FileBytes() = default;

  // At least on a page boundary.
  std::span<const std::byte> bytes() const { return bytes_; }
  Placement placement() const { return placement_; }

 protected:
  FileBytes(std::span<const std::byte> bytes, Placement placement)
      : bytes_(bytes), placement_(placement) {}

  // A descriptor for reading, the caller's to close.
  static absl::StatusOr<int> OpenDescriptor(const std::string& path);
  // Errors: FailedPrecondition when it is not a regular file.
  static absl::StatusOr<size_t> SizeOf(int descriptor, const std::string& name);

 private:
  const std::span<const std::byte> bytes_;
  const Placement placement_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_FILES_FILE_BYTES_H_
