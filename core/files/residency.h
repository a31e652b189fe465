// How much of a range of our memory is in RAM, and on huge pages.
//
//   MARQUEE_ASSIGN_OR_RETURN(const auto residency,
//                            MeasureResidency(std::span(&range, 1)));
//
// Not for the path of a request or of a scrape: the kernel visits every page of
// the process, tens of milliseconds for gigabytes in small pages, and who maps
// or unmaps memory meanwhile waits.
#ifndef MARQUEE_CORE_FILES_RESIDENCY_H_
#define MARQUEE_CORE_FILES_RESIDENCY_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace marquee {

// In whole pages: of a range that is all there, its size rounded up to them.
struct Residency {
  // In RAM and mapped by this process: a read of it does not fault.
  uint64_t resident_bytes = 0;
  // Of those, on huge pages: anonymous ones, or ones of a file.
  uint64_t huge_page_bytes = 0;
};

using MemoryRange = std::span<const std::byte>;

// One for each range, in their order. A range begins on a page boundary and is
// of mappings of its own, as those of FileBytes are; of a mapping that goes
// beyond it, it gets as much as it could have. Errors: those of reading
// /proc/self/smaps and of ReadResidency.
absl::StatusOr<std::vector<Residency>> MeasureResidency(
    std::span<const MemoryRange> ranges);

// The same of the text of /proc/PID/smaps (proc(5)). Errors: FailedPrecondition
// when it lists no mapping with its resident size, DataLoss with the line that
// is no number of kB.
absl::StatusOr<std::vector<Residency>> ReadResidency(
    absl::string_view smaps, std::span<const MemoryRange> ranges);

}  // namespace marquee

#endif  // MARQUEE_CORE_FILES_RESIDENCY_H_
