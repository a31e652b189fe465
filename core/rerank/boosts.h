// Puts the scores of a request on one scale and moves them by the boosts of the
// policy.
#ifndef MARQUEE_CORE_RERANK_BOOSTS_H_
#define MARQUEE_CORE_RERANK_BOOSTS_H_

#include <cstdint>
#include <span>

#include "core/base/ids.h"
#include "core/catalog/catalog.h"
#include "core/rerank/policy.h"

namespace marquee {

// A title on its way into the list.
struct SlateCandidate {
  ItemRow row;
  float score;            // higher is better
  uint8_t source = 0;     // carried along for the caller
  bool backfill = false;  // stands behind all that are not
};

// Shifts and scales the scores to mean 0 and standard deviation 1 (all equal:
// to 0), so that a boost means the same under every model, then adds the
// logarithm of each active multiplier. The order is left as it was.
void ApplyBoosts(const Policy& policy, const PolicyContext& context,
                 const Catalog& catalog, std::span<SlateCandidate> candidates);

// The part of one active rule in a title's score; 0 when it does not concern
// the title.
float BoostOf(const BoostRule& rule, ItemRow row);
float FreshnessOf(const FreshnessRule& rule, const Catalog& catalog,
                  CalendarSecond now, ItemRow row);

}  // namespace marquee

#endif  // MARQUEE_CORE_RERANK_BOOSTS_H_
