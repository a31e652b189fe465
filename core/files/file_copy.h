// A whole file copied to anonymous memory, on huge pages as far as the system
// has them.
//
// For what is read at random: a walk of a graph touches another page with every
// step, and a page of 4 KiB needs an entry of the TLB where one of 2 MiB serves
// 512 of them. Not for what is read front to back or seldom: the copy is
// nobody else's, counts against the limit of a container, and stays.
#ifndef MARQUEE_CORE_FILES_FILE_COPY_H_
#define MARQUEE_CORE_FILES_FILE_COPY_H_

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "core/files/file_bytes.h"

namespace marquee {

// Holds the memory until destruction; the file is not needed any more.
// Immutable after construction: a write to it ends the process.
class FileCopy final : public FileBytes {
 public:
  // What a huge page holds, and the boundary on which a copy begins.
  static constexpr size_t kHugePageBytes = size_t{1} << 21;

  // Reads the file from its beginning; the descriptor and its position stay as
  // they are. When the system gives no huge pages the copy lies on small ones;
  // MeasureResidency says which. Errors: ResourceExhausted when there is no
  // memory for it, DataLoss when the file ends early, FailedPrecondition when
  // it is not a regular one, else what the system said.
  static absl::StatusOr<std::unique_ptr<const FileCopy>> FromDescriptor(
      int descriptor, const std::string& name);

  ~FileCopy() override;

 private:
  explicit FileCopy(std::span<const std::byte> bytes)
      : FileBytes(bytes, Placement::kHugePages) {}
};

}  // namespace marquee

#endif  // MARQUEE_CORE_FILES_FILE_COPY_H_
