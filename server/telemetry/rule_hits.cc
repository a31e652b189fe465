#include "server/telemetry/rule_hits.h"

#include <algorithm>

namespace marquee {

RuleCounts RulesOf(const Policy& policy) {
  RuleCounts rules;
  for (const BoostRule& rule : policy.boosts) {
    rules[{rule.name, ReasonKind::kBoost}] = 0;
  }
  for (const FreshnessRule& rule : policy.freshness) {
    rules[{rule.name, ReasonKind::kFresh}] = 0;
  }
  for (const PinRule& rule : policy.pins) {
    rules[{rule.name, ReasonKind::kPin}] = 0;
  }
  if (policy.diversity_strength > 0) {
    rules[{policy.diversity_name, ReasonKind::kDiversity}] = 0;
  }
  rules[{"", ReasonKind::kBackfill}] = 0;
  return rules;
}

void RuleHits::Declare(const RuleCounts& rules) {
  absl::MutexLock lock(&mu_);
  RuleCounts counts = rules;
  // A rule that stays keeps its count, because a fall to 0 would look like a
  // new process. A rule that the policy lacks is dropped, because the labels of
  // old policies would pile up; it begins at 0 if it returns.
  for (auto& [rule, count] : counts) {
    const auto before = counts_.find(rule);
    if (before != counts_.end()) count = before->second;
  }
  counts_ = std::move(counts);
}

void RuleHits::Count(std::span<const RecommendedItem> items) {
  // Most of the time the lock is free, but without reasons it is not needed at
  // all.
  const bool any =
      std::any_of(items.begin(), items.end(),
                  [](const RecommendedItem& t) { return t.reason_count > 0; });
  if (!any) return;
  absl::MutexLock lock(&mu_);
  for (const RecommendedItem& item : items) {
    for (size_t i = 0; i < item.reason_count; ++i) {
      const Reason& reason = item.reasons[i];
      // Linear: std::map::find would need a std::string for each reason, and a
      // policy has few rules.
      const auto found =
          std::find_if(counts_.begin(), counts_.end(), [&](const auto& entry) {
            return entry.first.second == reason.kind &&
                   entry.first.first == reason.rule;
          });
      if (found != counts_.end()) ++found->second;
    }
  }
}

void RuleHits::AddTo(RuleCounts& counts) const {
  absl::MutexLock lock(&mu_);
  for (const auto& [rule, count] : counts_) counts[rule] += count;
}

}  // namespace marquee
