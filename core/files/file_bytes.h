// The bytes of a whole file in memory, mapped or copied.
//
//   MARQUEE_ASSIGN_OR_RETURN(const std::unique_ptr<const FileBytes> bytes,
//                            FileBytes::Open(path, Placement::kHugePages));
//
// Code that only ever maps files uses MappedFile.
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
  // The system's own pages of the file (mapped_file.h). They are shared with
  // other processes, load at no cost, and are dropped and read again if memory
  // is short.
  kMapped,
  // A copy in anonymous memory that requests huge pages (file_copy.h). Random
  // reads miss the TLB less. The copy belongs to this process alone and is
  // never dropped.
  kHugePages,
};

// Returns "mapped" or "huge_pages".
absl::string_view PlacementName(Placement placement);

// Identifies a file and its state. Two paths to one file have equal ids if
// nobody wrote to the file in between.
struct FileId {
  // Errors: NotFound, or the system's error.
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
  // An empty file gives an empty span. Errors: those of MappedFile or FileCopy;
  // NotFound, or the system's error.
  static absl::StatusOr<std::unique_ptr<const FileBytes>> Open(
      const std::string& path, Placement placement);
  // Reads what the descriptor holds now. The caller keeps the descriptor.
  // `name` is for errors.
  static absl::StatusOr<std::unique_ptr<const FileBytes>> FromDescriptor(
      int descriptor, const std::string& name, Placement placement);

  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;
  virtual ~FileBytes() = default;

  // Begins at least on a page boundary.
  std::span<const std::byte> bytes() const { return bytes_; }
  Placement placement() const { return placement_; }

 protected:
  FileBytes(std::span<const std::byte> bytes, Placement placement)
      : bytes_(bytes), placement_(placement) {}

  // Returns a descriptor for reading, which the caller must close.
  static absl::StatusOr<int> OpenDescriptor(const std::string& path);
  // Errors: FailedPrecondition if it is not a regular file.
  static absl::StatusOr<size_t> SizeOf(int descriptor, const std::string& name);

 private:
  const std::span<const std::byte> bytes_;
  const Placement placement_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_FILES_FILE_BYTES_H_
