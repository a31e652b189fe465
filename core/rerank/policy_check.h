// Faults that no single rule shows: rules that contradict each other or can
// never do anything.
#ifndef MARQUEE_CORE_RERANK_POLICY_CHECK_H_
#define MARQUEE_CORE_RERANK_POLICY_CHECK_H_

#include <string>
#include <vector>

#include "core/catalog/catalog.h"
#include "core/catalog/licence_calendar.h"
#include "core/rerank/policy.h"

namespace marquee {

struct PolicyFault {
  int line = 0;  // of the rule, from 1
  std::string what;
};

// Finds only what is certain: pins that can never be shown (not licensed
// anywhere that their audience is, too mature for it, blocked whenever they are
// active), two pins for one place or one title at the same time, more pins than
// a cap allows, blocks that leave nothing.
std::vector<PolicyFault> FindContradictions(const Policy& policy,
                                            const Catalog& catalog,
                                            const LicenceCalendar& calendar);

// The rules that did their last before `now`: not wrong, but hardly meant.
std::vector<PolicyFault> FindEnded(const Policy& policy, CalendarSecond now);

// Caps that never give way and with which no list of so many titles can be
// filled from the whole catalogue, whatever is eligible: for each, at most how
// many.
std::vector<PolicyFault> FindUnfillable(const Policy& policy,
                                        const Catalog& catalog, size_t list);

}  // namespace marquee

#endif  // MARQUEE_CORE_RERANK_POLICY_CHECK_H_
