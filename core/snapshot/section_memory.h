// Where the sections of a snapshot are in memory, and how much of each is
// resident.
#ifndef MARQUEE_CORE_SNAPSHOT_SECTION_MEMORY_H_
#define MARQUEE_CORE_SNAPSHOT_SECTION_MEMORY_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "core/files/file_bytes.h"
#include "core/files/residency.h"

namespace marquee {

// The names of the sections that retrieval reads at random. Huge pages are for
// these.
inline constexpr absl::string_view kHotSections[] = {"item_vectors",
                                                     "item_codes", "graph"};

struct SnapshotOptions {
  // Of kHotSections; all others are mapped. Copies on huge pages may make
  // random reads cheaper. They are memory of this process alone, and make a
  // load longer.
  Placement hot_sections = Placement::kMapped;
  // At most. More make a load shorter, and take their time from what serves
  // beside it.
  size_t threads = 1;
};

struct SectionMemory {
  absl::string_view name;  // one of kSections
  uint64_t bytes = 0;
  Placement placement = Placement::kMapped;
  Residency residency;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_SNAPSHOT_SECTION_MEMORY_H_
