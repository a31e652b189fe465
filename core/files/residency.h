// Measures how much of a range of our memory is in RAM and on huge pages.
//
//   MARQUEE_ASSIGN_OR_RETURN(const std::vector<Residency> residency,
//                            MeasureResidency(std::span(&range, 1)));
//
// Not for the path of a request or of a scrape. The kernel visits every page of
// the process, which takes tens of milliseconds for gigabytes in small pages,
// and threads that map or unmap memory meanwhile wait.
#ifndef MARQUEE_CORE_FILES_RESIDENCY_H_
#define MARQUEE_CORE_FILES_RESIDENCY_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace marquee {

// In whole pages. For a range that is entirely in RAM: its size, rounded up to
// pages.
struct Residency {
  // In RAM and mapped by this process: a read does not fault.
  uint64_t resident_bytes = 0;
  // The part of it on huge pages, anonymous or of a file.
  uint64_t huge_page_bytes = 0;
};

using MemoryRange = std::span<const std::byte>;

// Returns one result for each range, in their order. A range must begin on a
// page boundary and have mappings of its own, as those of FileBytes have. If a
// mapping extends beyond the range, the range gets as much of it as it could
// have. Errors: those of reading /proc/self/smaps and of ReadResidency.
absl::StatusOr<std::vector<Residency>> MeasureResidency(
    std::span<const MemoryRange> ranges);

// Does the same for the text of /proc/PID/smaps (proc(5)). Errors:
// FailedPrecondition if the text lists no mapping with its resident size;
// DataLoss with the line that is not a number of kB.
absl::StatusOr<std::vector<Residency>> ReadResidency(
    absl::string_view smaps, std::span<const MemoryRange> ranges);

}  // namespace marquee

#endif  // MARQUEE_CORE_FILES_RESIDENCY_H_
