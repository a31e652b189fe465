// A whole file copied to anonymous memory, on huge pages as far as the system
// has them.
//
// For data that is read at random. A walk of a graph touches another page with
// every step; a page of 2 MiB takes one entry of the TLB, where pages of 4 KiB
// take 512. Not for data that is read front to back or seldom: the copy is not
// shared with other processes, counts against the limit of a container, and
// stays.
#ifndef MARQUEE_CORE_FILES_FILE_COPY_H_
#define MARQUEE_CORE_FILES_FILE_COPY_H_

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "core/files/file_bytes.h"

namespace marquee {

// Holds the memory until destruction. Does not need the file after
// construction. Immutable after construction: a write to it ends the process.
class FileCopy final : public FileBytes {
 public:
  // The size of a huge page, and the boundary on which a copy begins.
  static constexpr size_t kHugePageBytes = size_t{1} << 21;

  // Reads the file from its beginning. Leaves the descriptor and its position
  // unchanged. If the system gives no huge pages, the copy is on small ones;
  // MeasureResidency reports which. Errors: ResourceExhausted if there is no
  // memory for it, DataLoss if the file ends early, FailedPrecondition if it is
  // not a regular file, else the system's error.
  static absl::StatusOr<std::unique_ptr<const FileCopy>> FromDescriptor(
      int descriptor, const std::string& name);

  ~FileCopy() override;

 private:
  explicit FileCopy(std::span<const std::byte> bytes)
      : FileBytes(bytes, Placement::kHugePages) {}
};

}  // namespace marquee

#endif  // MARQUEE_CORE_FILES_FILE_COPY_H_
