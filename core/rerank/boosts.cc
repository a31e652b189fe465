#include "core/rerank/boosts.h"

#include "core/rerank/score_scale.h"

namespace marquee {
namespace {

constexpr CalendarSecond kSecondsPerDay = 24 * 60 * 60;

size_t PutOnScale(std::span<Candidate> candidates, BoostScratch& scratch) {
  scratch.scores.clear();
  for (const Candidate& c : candidates) scratch.scores.push_back(c.score);
  const Standardized scale = Standardize(scratch.scores, scratch.distances);
  for (size_t i = 0; i < candidates.size(); ++i) {
    candidates[i].score = scratch.scores[i];
    candidates[i].outlier = scale.IsOutlier(scratch.scores[i]);
  }
  return scale.outliers;
}

}  // namespace

float BoostOf(const BoostRule& rule, ItemRow row) {
  return TestBit(rule.items, Index(row)) ? rule.log_multiplier : 0;
}

float FreshnessOf(const FreshnessRule& rule, const Catalog& catalog,
                  CalendarSecond now, ItemRow row) {
  const int32_t released = catalog.ReleasedDay(row);
  if (released == Catalog::kUnknownDay) return 0;
  return rule.LogMultiplier(static_cast<int32_t>(now / kSecondsPerDay) -
                            released);
}

size_t ApplyBoosts(const Policy& policy, const UserContext& context,
                   const Catalog& catalog, std::span<Candidate> candidates,
                   BoostScratch& scratch) {
  const size_t outliers = PutOnScale(candidates, scratch);
  for (const BoostRule& rule : policy.boosts) {
    if (!rule.IsActive(context)) continue;
    for (Candidate& c : candidates) c.score += BoostOf(rule, c.row);
  }
  for (const FreshnessRule& rule : policy.freshness) {
    if (!rule.IsActive(context)) continue;
    for (Candidate& c : candidates) {
      if (c.by_fresh_share) continue;
      c.score += FreshnessOf(rule, catalog, context.now, c.row);
    }
  }
  return outliers;
}

}  // namespace marquee
