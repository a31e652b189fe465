#include "core/rerank/boosts.h"

#include <cmath>

namespace marquee {
namespace {

constexpr CalendarSecond kSecondsPerDay = 24 * 60 * 60;

void Standardize(std::span<SlateCandidate> candidates) {
  double sum = 0;
  double squares = 0;
  for (const SlateCandidate& c : candidates) sum += c.score;
  const double mean =
      candidates.empty() ? 0 : sum / static_cast<double>(candidates.size());
  for (const SlateCandidate& c : candidates)
    squares += (c.score - mean) * (c.score - mean);
  const double deviation =
      candidates.empty()
          ? 0
          : std::sqrt(squares / static_cast<double>(candidates.size()));
  const double scale = deviation > 0 ? 1 / deviation : 0;
  for (SlateCandidate& c : candidates)
    c.score = static_cast<float>((c.score - mean) * scale);
}

}  // namespace

float BoostOf(const BoostRule& rule, ItemRow row) {
  return TestBit(rule.titles, Index(row)) ? rule.log_multiplier : 0;
}

float FreshnessOf(const FreshnessRule& rule, const Catalog& catalog,
                  CalendarSecond now, ItemRow row) {
  const int32_t released = catalog.ReleasedDay(row);
  if (released == Catalog::kUnknownDay) return 0;
  return rule.LogMultiplier(static_cast<int32_t>(now / kSecondsPerDay) -
                            released);
}

void ApplyBoosts(const Policy& policy, const PolicyContext& context,
                 const Catalog& catalog, std::span<SlateCandidate> candidates) {
  Standardize(candidates);
  for (const BoostRule& rule : policy.boosts) {
    if (!rule.IsActive(context)) continue;
    for (SlateCandidate& c : candidates) c.score += BoostOf(rule, c.row);
  }
  for (const FreshnessRule& rule : policy.freshness) {
    if (!rule.IsActive(context)) continue;
    for (SlateCandidate& c : candidates)
      c.score += FreshnessOf(rule, catalog, context.now, c.row);
  }
}

}  // namespace marquee
