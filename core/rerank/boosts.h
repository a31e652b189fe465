// Puts the scores of a request on one scale and applies the boosts of the
// policy.
#ifndef MARQUEE_CORE_RERANK_BOOSTS_H_
#define MARQUEE_CORE_RERANK_BOOSTS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/ids.h"
#include "core/catalog/candidate.h"
#include "core/catalog/catalog.h"
#include "core/rerank/policy.h"

namespace marquee {

// Working memory of one worker.
struct BoostScratch {
  std::vector<float> scores;
  std::vector<double> distances;
};

// Puts the scores on the scale of score_scale.h, so that a boost means the same
// under every model, then adds the logarithm of each active multiplier. Keeps
// the order of the span. Marks outliers; returns their number.
size_t ApplyBoosts(const Policy& policy, const UserContext& context,
                   const Catalog& catalog, std::span<Candidate> candidates,
                   BoostScratch& scratch);

// Returns the part of one active rule in an item's score; 0 if the rule does
// not concern the item.
float BoostOf(const BoostRule& rule, ItemRow row);
float FreshnessOf(const FreshnessRule& rule, const Catalog& catalog,
                  CalendarSecond now, ItemRow row);

}  // namespace marquee

#endif  // MARQUEE_CORE_RERANK_BOOSTS_H_
