// A whole file mapped read-only.
#ifndef MARQUEE_CORE_FILES_MAPPED_FILE_H_
#define MARQUEE_CORE_FILES_MAPPED_FILE_H_

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "core/files/file_bytes.h"

namespace marquee {

// Holds the mapping until destruction. Immutable after construction as long as
// nobody writes the file in place. Snapshots are never changed in place: they
// are written to a new name and renamed.
class MappedFile final : public FileBytes {
 public:
  // An empty file maps to an empty span. Errors: NotFound, or
  // FailedPrecondition with the system's error.
  static absl::StatusOr<std::unique_ptr<const MappedFile>> Open(
      const std::string& path);

  // Maps what the descriptor holds now. The caller keeps the descriptor. `name`
  // is for errors.
  static absl::StatusOr<std::unique_ptr<const MappedFile>> FromDescriptor(
      int descriptor, const std::string& name);

  ~MappedFile() override;

 private:
  explicit MappedFile(std::span<const std::byte> bytes)
      : FileBytes(bytes, Placement::kMapped) {}
};

}  // namespace marquee

#endif  // MARQUEE_CORE_FILES_MAPPED_FILE_H_
