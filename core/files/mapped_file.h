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

// Holds the mapping until destruction. Immutable after construction, as long as
// nobody writes the file in place: snapshots are written to a new name and
// renamed, never changed.
class MappedFile final : public FileBytes {
 public:
  // Errors: NotFound, or FailedPrecondition with what the system said. An empty
  // file maps to an empty span.
  static absl::StatusOr<std::unique_ptr<const MappedFile>> Open(
      const std::string& path);

  // Maps what the descriptor holds now; the descriptor stays the caller's.
  // `name` is for errors.
  static absl::StatusOr<std::unique_ptr<const MappedFile>> FromDescriptor(
      int descriptor, const std::string& name);

  ~MappedFile() override;

 private:
  explicit MappedFile(std::span<const std::byte> bytes)
      : FileBytes(bytes, Placement::kMapped) {}
};

}  // namespace marquee

#endif  // MARQUEE_CORE_FILES_MAPPED_FILE_H_
