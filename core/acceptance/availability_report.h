// Judges the availability of a snapshot, for people and for the decision
// whether to serve it.
#ifndef MARQUEE_CORE_ACCEPTANCE_AVAILABILITY_REPORT_H_
#define MARQUEE_CORE_ACCEPTANCE_AVAILABILITY_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/acceptance/availability.h"
#include "core/snapshot/snapshot.h"

namespace marquee {

// The length of a list for which the request gives no length.
inline constexpr size_t kFullList = 20;

// Returns why nothing may be shown to the kind at the moment, as far as it is
// certain: no licence, no item for that age, or the blocks. The blocks are
// those without any one of which something could be shown.
std::string WhyNothing(const Snapshot& snapshot, const UserKind& kind,
                       CalendarSecond moment);

struct AvailabilityReport {
  // No user of an expected kind can be shown anything now.
  bool all_empty_now = false;
  // The median of what expected plain kinds may be shown now; 0 if there are
  // none.
  size_t median_now = 0;
  // Of expected kinds: those that can be shown nothing at some moment, and
  // those that can be shown less than a list. For people: the first few in
  // full.
  std::vector<std::string> empty;
  std::vector<std::string> few;
  // The kinds that are not expected and can be shown nothing.
  std::vector<std::string> empty_unexpected;
  // Says that some kinds were not checked.
  std::vector<std::string> left_out;
};

// Compares median_now of two versions. Losing more than half is probably not
// meant.
inline bool ShowsLessThanHalf(size_t median, size_t before) {
  return 2 * median < before;
}
// "can show 4 items in the median …, version 1 shows 10: less than half"
std::string TellLess(size_t median, uint64_t version_before, size_t before);

// `kinds`: what MeasureAvailability found of the snapshot.
AvailabilityReport JudgeAvailability(const Snapshot& snapshot,
                                     const std::vector<Availability>& kinds);

}  // namespace marquee

#endif  // MARQUEE_CORE_ACCEPTANCE_AVAILABILITY_REPORT_H_
