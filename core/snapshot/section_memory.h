// Where the sections of a snapshot lie in memory, and how much of each is
// there.
#ifndef MARQUEE_CORE_SNAPSHOT_SECTION_MEMORY_H_
#define MARQUEE_CORE_SNAPSHOT_SECTION_MEMORY_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "core/files/file_bytes.h"
#include "core/files/residency.h"

namespace marquee {

// The sections that retrieval reads at random, by name: those that huge pages
// are for.
inline constexpr absl::string_view kHotSections[] = {"item_vectors",
                                                     "item_codes", "graph"};

struct SnapshotOptions {
  // Of kHotSections; all others are mapped. Copies on huge pages may
  // make random reads cheaper, are this process' own memory, and make a load
  // longer.
  Placement hot_sections = Placement::kMapped;
  // At most; more make a load shorter, and take their time from whoever serves
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
