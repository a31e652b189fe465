#include "server/telemetry/rule_hits.h"

#include "gtest/gtest.h"

namespace marquee {
namespace {

RecommendedItem MovedBy(ReasonKind kind, absl::string_view rule) {
  RecommendedItem item;
  item.AddReason({kind, rule});
  return item;
}

RuleCounts CountsOf(const RuleHits& hits) {
  RuleCounts counts;
  hits.AddTo(counts);
  return counts;
}

Policy PolicyWithBoost(const std::string& name) {
  Policy policy;
  policy.boosts.emplace_back().name = name;
  return policy;
}

TEST(RuleHits, RulesOfThePolicyStartAtZero) {
  RuleHits hits;
  hits.Declare(RulesOf(PolicyWithBoost("summer")));
  const RuleCounts counts = CountsOf(hits);
  EXPECT_EQ(counts.at({"summer", ReasonKind::kBoost}), 0);
}

TEST(RuleHits, CountsDeclaredRulesAndNoOthers) {
  RuleHits hits;
  hits.Declare(RulesOf(PolicyWithBoost("summer")));
  const RecommendedItem items[] = {MovedBy(ReasonKind::kBoost, "summer"),
                                   MovedBy(ReasonKind::kBoost, "winter"),
                                   MovedBy(ReasonKind::kPin, "summer")};
  hits.Count(items);
  const RuleCounts counts = CountsOf(hits);
  EXPECT_EQ(counts.at({"summer", ReasonKind::kBoost}), 1);
  EXPECT_FALSE(counts.contains({"winter", ReasonKind::kBoost}));
  EXPECT_FALSE(counts.contains({"summer", ReasonKind::kPin}));
}

TEST(RuleHits, ARuleThatStaysKeepsItsCount) {
  RuleHits hits;
  hits.Declare(RulesOf(PolicyWithBoost("summer")));
  const RecommendedItem items[] = {MovedBy(ReasonKind::kBoost, "summer")};
  hits.Count(items);
  Policy next = PolicyWithBoost("summer");
  next.boosts.emplace_back().name = "autumn";
  hits.Declare(RulesOf(next));
  EXPECT_EQ(CountsOf(hits).at({"summer", ReasonKind::kBoost}), 1);
  EXPECT_EQ(CountsOf(hits).at({"autumn", ReasonKind::kBoost}), 0);
  hits.Declare(RulesOf(PolicyWithBoost("autumn")));
  EXPECT_FALSE(CountsOf(hits).contains({"summer", ReasonKind::kBoost}));
}

}  // namespace
}  // namespace marquee
