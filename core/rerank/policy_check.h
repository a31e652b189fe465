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

// Audiences of countries that ISO 3166-1 does not have, of languages that are
// no tag of BCP 47, and, where the policy declares no devices, of others than
// KnownDevices: they hold for whoever is named so elsewhere too.
std::vector<PolicyFault> FindUnknownCodes(const Policy& policy);

// Caps that alone keep a list of the longest kind, or of all titles where those
// are fewer, from being filled from the whole catalogue: for each, after how
// many titles it does. Titles of few values are taken first, as the server
// takes the most popular ones first: about the most that a request sees.
std::vector<PolicyFault> FindUnfillable(const Policy& policy,
                                        const Catalog& catalog);

}  // namespace marquee

#endif  // MARQUEE_CORE_RERANK_POLICY_CHECK_H_
