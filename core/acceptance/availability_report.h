// What is wrong with the availability of a snapshot, for people and for whoever
// decides whether to serve it.
#ifndef MARQUEE_CORE_ACCEPTANCE_AVAILABILITY_REPORT_H_
#define MARQUEE_CORE_ACCEPTANCE_AVAILABILITY_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/acceptance/availability.h"
#include "core/snapshot/snapshot.h"

namespace marquee {

// The length of a list that nobody asked another length for.
inline constexpr size_t kFullList = 20;

// Why nothing may be shown to the kind at the moment, as far as it is certain:
// no licence, no title for that age, or the blocks none of which can be spared.
std::string WhyNothing(const Snapshot& snapshot, const UserKind& kind,
                       CalendarSecond moment);

struct AvailabilityReport {
  // Nobody of the expected kinds can be shown anything now.
  bool all_empty_now = false;
  // Of what expected plain kinds may be shown now; 0 when there are none.
  size_t median_now = 0;
  // Of expected kinds: those that can be shown nothing at some moment, and less
  // than a list; for people, the first few in full.
  std::vector<std::string> empty;
  std::vector<std::string> few;
  // Of kinds that are not expected and can be shown nothing.
  std::vector<std::string> empty_unexpected;
  // That some kinds were not looked at.
  std::vector<std::string> left_out;
};

// Of the titles that a version can show, median_now. More than half gone is
// hardly ever meant.
inline bool ShowsLessThanHalf(size_t median, size_t before) {
  return 2 * median < before;
}
// "can show 4 titles in the median …, version 1 shows 10: less than half"
std::string TellLess(size_t median, uint64_t version_before, size_t before);

// `kinds`: what MeasureAvailability found of the snapshot.
AvailabilityReport JudgeAvailability(const Snapshot& snapshot,
                                     const std::vector<Availability>& kinds);

}  // namespace marquee

#endif  // MARQUEE_CORE_ACCEPTANCE_AVAILABILITY_REPORT_H_
