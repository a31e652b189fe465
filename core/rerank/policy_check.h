// Finds faults that no single rule shows: rules that contradict each other or
// can never have an effect.
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

// Returns only certain faults:
// - pins that can never be shown: not licensed in any country of their
//   audience, too mature for it, or blocked whenever they are active,
// - two pins for one place or one item at the same time,
// - more pins than a cap allows,
// - blocks that leave nothing.
std::vector<PolicyFault> FindContradictions(const Policy& policy,
                                            const Catalog& catalog,
                                            const LicenceCalendar& calendar);

// Returns the rules whose windows ended at or before `now`: valid, but probably
// not meant.
std::vector<PolicyFault> FindEnded(const Policy& policy, CalendarSecond now);

// Returns audiences with countries that ISO 3166-1 does not have, with
// languages that are not tags of BCP 47, and, if the policy declares no
// devices, with devices that are not in KnownDevices. Such an audience still
// matches requests with the same name.
std::vector<PolicyFault> FindUnknownCodes(const Policy& policy);

// Returns the caps that alone keep a list from being filled from the whole
// catalogue, each with the number of items after which it does. The list has
// the largest length, or all items if there are fewer. Items of few values are
// taken first, as the server takes the most popular ones first. So the number
// is about the most that a request sees.
std::vector<PolicyFault> FindUnfillable(const Policy& policy,
                                        const Catalog& catalog);

}  // namespace marquee

#endif  // MARQUEE_CORE_RERANK_POLICY_CHECK_H_
