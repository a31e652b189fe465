// What a request gets when its time is short: a cheaper answer that says why,
// never none.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/pipeline/cost_model.h"
#include "core/pipeline/pipeline.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/files/scratch.h"
#include "tests/pipeline/slow_clock.h"
#include "tests/pipeline/small_world.h"
#include "tests/snapshot/tiny_snapshot.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

// What a stage is expected to take, in steps, once it took `observed`.
double Average(double expected, double observed) {
  return expected + (observed - expected) / 32;
}

class Tiers : public ::testing::Test {
 protected:
  void SetUp() override {
    SmallWorld world;
    for (int i = 0; i < 400; ++i) {
      world.AddItem(absl::StrCat("t", i), {static_cast<float>(i), 1});
      if (i % 10 == 0) world.AddWatches(absl::StrCat("t", i), 2);
    }
    world.AddUser("u", {1, 0});
    world.ranker = kTinyModel;
    snapshot_ = world.Build(ScratchPath("world"));
    Restart();
    request_.user_id = "u";
    request_.now = absl::FromUnixSeconds(kSmallNow);
  }
  void Restart() {
    pipeline_ = std::make_unique<Pipeline>(
        *snapshot_, PipelineOptions{.use_ranker = use_ranker_}, clock_);
    scratch_ = std::make_unique<PipelineScratch>(*snapshot_, 500);
  }
  // `left`: steps from the beginning of the request to its deadline.
  void Ask(double left) {
    request_.deadline = clock_.Peek() + left * clock_.step;
    ASSERT_TRUE(pipeline_->Recommend(request_, *scratch_, response_).ok());
    ASSERT_THAT(response_.items, SizeIs(request_.limit));
  }
  // Costs of one step for each stage, then a request.
  void LearnAndAsk(double left) {
    Restart();
    request_.deadline = SteadyTime::InfiniteFuture();
    ASSERT_TRUE(pipeline_->Recommend(request_, *scratch_, response_).ok());
    ASSERT_EQ(response_.tier, Tier::kFull);
    ASSERT_THAT(response_.degradations, SizeIs(0));
    Ask(left);
  }
  // The same for a request that an overloaded server pays less for.
  void LearnAndAskUnder(double left) {
    const Tier best = std::exchange(request_.best_tier, Tier::kFull);
    Restart();
    request_.deadline = SteadyTime::InfiniteFuture();
    ASSERT_TRUE(pipeline_->Recommend(request_, *scratch_, response_).ok());
    request_.best_tier = best;
    Ask(left);
  }
  void ExpectTier(Tier tier, Degradation::Cause cause, const std::string& why) {
    EXPECT_EQ(response_.tier, tier) << TierName(response_.tier);
    ASSERT_THAT(response_.degradations, SizeIs(1));
    EXPECT_EQ(response_.degradations[0].cause, cause);
    EXPECT_THAT(response_.degradations[0].detail, HasSubstr(why));
  }

  SlowClock clock_;
  bool use_ranker_ = true;
  std::unique_ptr<const Snapshot> snapshot_;
  std::unique_ptr<Pipeline> pipeline_;
  std::unique_ptr<PipelineScratch> scratch_;
  RecommendRequest request_;
  RecommendResponse response_;
};

// Four steps pass before the tier is chosen. Twice the expected costs must fit:
// 6 steps for all, 3.2 for 30 % of retrieval and ranking, 2.6 without ranking.
TEST_F(Tiers, LessTimeGivesACheaperAnswerAndSaysSo) {
  LearnAndAsk(4 + 6.1);
  EXPECT_EQ(response_.tier, Tier::kFull);
  EXPECT_THAT(response_.degradations, SizeIs(0));
  EXPECT_EQ(response_.candidates, 400);

  LearnAndAsk(4 + 5.9);
  ExpectTier(Tier::kReduced, Degradation::Cause::kDeadline, "reduced");
  EXPECT_EQ(response_.candidates, 150);

  LearnAndAsk(4 + 3.1);
  ExpectTier(Tier::kRetrievalOrder, Degradation::Cause::kDeadline,
             "retrieval_order");
  EXPECT_EQ(response_.items[0].source, Source::kPersonal);

  LearnAndAsk(4 + 2.5);
  ExpectTier(Tier::kPopular, Degradation::Cause::kDeadline, "popular");
  EXPECT_EQ(response_.items[0].source, Source::kTrending);

  LearnAndAsk(-1000);
  ExpectTier(Tier::kPopular, Degradation::Cause::kDeadline, "popular");
}

// The tier was chosen for fast stages; then retrieval stalls.
TEST_F(Tiers, ASlowRetrievalLeavesTheRankerOut) {
  LearnAndAsk(4 + 6.1);
  ASSERT_EQ(response_.tier, Tier::kFull);
  // Begin, user vector, eligible set, time left: the fifth look ends retrieval.
  clock_.looks_until_stall = 5;
  Ask(4 + 20);
  ExpectTier(Tier::kRetrievalOrder, Degradation::Cause::kDeadline,
             "retrieval left too little time");
  EXPECT_EQ(snapshot_->catalog().Id(response_.items[0].row), "t399");
}

// Without a ranker there is none to leave out.
TEST_F(Tiers, WithoutARankerTheReasonIsNotTheRanker) {
  use_ranker_ = false;
  // Retrieval and the rules cost one step each.
  LearnAndAsk(4 + 4.1);
  EXPECT_EQ(response_.tier, Tier::kFull);
  clock_.looks_until_stall = 5;
  Ask(4 + 20);
  EXPECT_EQ(response_.tier, Tier::kFull);
  EXPECT_THAT(response_.degradations, SizeIs(0));
}

// Nor for likeness, which is no matter of the ranker.
TEST_F(Tiers, SimilarItemsAreNotMadeWorseForTheRankersSake) {
  LearnAndAsk(100);
  request_.similar_to = "t7";
  Ask(4 + 4.1);
  EXPECT_EQ(response_.tier, Tier::kFull);
  EXPECT_THAT(response_.degradations, SizeIs(0));
}

// The date is set while requests are under way: no deadline passes or is
// stretched by it.
TEST_F(Tiers, AStepOfTheWallClockChangesNoTier) {
  for (const absl::Duration jump : {absl::Hours(24), -absl::Hours(48)}) {
    clock_.wall_jump += jump;
    LearnAndAsk(4 + 6.1);
    EXPECT_EQ(response_.tier, Tier::kFull);
    LearnAndAsk(4 + 5.9);
    EXPECT_EQ(response_.tier, Tier::kReduced);
  }
}

TEST_F(Tiers, AnOverloadedServerGivesWhatItPaysForAtMost) {
  request_.best_tier = Tier::kRetrievalOrder;
  request_.deadline = SteadyTime::InfiniteFuture();
  ASSERT_TRUE(pipeline_->Recommend(request_, *scratch_, response_).ok());
  ExpectTier(Tier::kRetrievalOrder, Degradation::Cause::kOverload,
             "overloaded");
  // t399 has the largest inner product; the model would not have minded.
  EXPECT_EQ(snapshot_->catalog().Id(response_.items[0].row), "t399");
  request_.best_tier = Tier::kPopular;
  ASSERT_TRUE(pipeline_->Recommend(request_, *scratch_, response_).ok());
  ExpectTier(Tier::kPopular, Degradation::Cause::kOverload, "overloaded");
}

// Both would give the same tier: the overload is what an operator can mend.
TEST_F(Tiers, TheOverloadIsNamedWhereTheDeadlineAsksForNoLess) {
  request_.best_tier = Tier::kReduced;
  LearnAndAskUnder(4 + 5.9);
  ExpectTier(Tier::kReduced, Degradation::Cause::kOverload, "overloaded");
  LearnAndAskUnder(4 + 3.1);
  ExpectTier(Tier::kRetrievalOrder, Degradation::Cause::kDeadline,
             "too little time before the deadline for more than "
             "retrieval_order");
}

// A stage took a step when nothing was asked of the time left, and two in a
// request with a deadline. Six steps have passed when the pipeline asks whether
// the ranker still fits.
TEST_F(Tiers, TheRankerIsLeftOutFromTheMomentItDoesNotFit) {
  const double rank = Average(1, 2);
  for (const auto& [left, tier] :
       {std::pair(rank + 1, Tier::kFull),
        std::pair(rank + 0.999, Tier::kRetrievalOrder)}) {
    LearnAndAsk(4 + 6.1);
    clock_.looks_until_stall = 5;
    Ask(100 + 6 + left);
    EXPECT_EQ(response_.tier, tier);
  }
}

// So that it is tried again.
TEST_F(Tiers, ARankerThatIsLeftOutSeemsALittleCheaper) {
  const double retrieval = Average(Average(1, 2), 102);
  const double rank = Average(1, 2) * 511 / 512;
  const double rules = Average(1, 2);
  for (const auto& [more, tier] :
       {std::pair(0.001, Tier::kFull), std::pair(-0.001, Tier::kReduced)}) {
    LearnAndAsk(4 + 6.1);
    clock_.looks_until_stall = 5;
    Ask(100 + 6 + 1.9);
    ASSERT_EQ(response_.tier, Tier::kRetrievalOrder);
    Ask(4 + 2 * (retrieval + rank + rules) + more);
    EXPECT_EQ(response_.tier, tier);
  }
}

// An answer in the order of retrieval leaves the ranker out, popular items
// leave out both.
TEST_F(Tiers, WhatIsLeftOutSeemsCheaperAndNothingElse) {
  const double faded = 511.0 / 512;
  const double retrieval = Average(1, 2 / 0.3);
  for (const auto& [more, tier] :
       {std::pair(0.001, Tier::kFull), std::pair(-0.001, Tier::kReduced)}) {
    LearnAndAsk(4 + 3.1);
    ASSERT_EQ(response_.tier, Tier::kRetrievalOrder);
    Ask(4 + 2 * (retrieval + faded + 1) + more);
    EXPECT_EQ(response_.tier, tier);

    LearnAndAsk(4 + 2.5);
    ASSERT_EQ(response_.tier, Tier::kPopular);
    Ask(4 + 2 * (faded + faded + 1) + more);
    EXPECT_EQ(response_.tier, tier);
  }
}

// 30 % of the work in two steps is all of it in 6.67.
TEST_F(Tiers, AReducedAnswerTellsWhatAFullOneWouldCost) {
  const double stage = Average(1, 2 / 0.3);
  for (const auto& [more, tier] :
       {std::pair(0.001, Tier::kFull), std::pair(-0.001, Tier::kReduced)}) {
    LearnAndAsk(4 + 5.9);
    ASSERT_EQ(response_.tier, Tier::kReduced);
    Ask(4 + 2 * (stage + stage + 1) + more);
    EXPECT_EQ(response_.tier, tier);
  }
}

// Stages were slow once, so that they do not fit any more: they are tried again
// all the same, and prove fast.
TEST_F(Tiers, ASlowSpellPasses) {
  clock_.step = absl::Milliseconds(50);
  LearnAndAsk(4 + 6.1);
  clock_.step = absl::Milliseconds(1);
  int lower = 0;
  for (; lower < 5000; ++lower) {
    ASSERT_NO_FATAL_FAILURE(Ask(60));
    if (response_.tier == Tier::kFull) break;
  }
  EXPECT_GT(lower, 100) << "one fast request is no proof";
  EXPECT_LT(lower, 5000);
}

TEST(CostModel, IsAMovingAverageOfFullWork) {
  CostModel costs;
  EXPECT_EQ(costs.Expected(Stage::kRetrieve), absl::ZeroDuration());
  EXPECT_EQ(costs.Affordable(absl::ZeroDuration(), true), Tier::kFull);
  costs.Observe(Stage::kRetrieve, absl::Microseconds(100));
  EXPECT_EQ(costs.Expected(Stage::kRetrieve), absl::Microseconds(100));
  costs.Observe(Stage::kRetrieve, absl::Microseconds(420));
  EXPECT_EQ(costs.Expected(Stage::kRetrieve), absl::Microseconds(110));
  // A tenth of the work in 11 µs is 110 µs for all.
  costs.Observe(Stage::kRetrieve, absl::Microseconds(11), 0.1f);
  EXPECT_NEAR(absl::ToDoubleMicroseconds(costs.Expected(Stage::kRetrieve)), 110,
              1e-3);
}

TEST(CostModel, WhatIsLeftOutFadesSlowly) {
  CostModel costs;
  costs.Observe(Stage::kRank, absl::Microseconds(512));
  costs.LeaveOut(Stage::kRank);
  EXPECT_EQ(costs.Expected(Stage::kRank), absl::Microseconds(511));
  costs.LeaveOut(Stage::kRetrieve);
  EXPECT_EQ(costs.Expected(Stage::kRetrieve), absl::ZeroDuration());
}

// 10 µs, 20 and 5: full work takes 35, a reduced answer 3 + 6 + 5, the order of
// retrieval 3 + 5. There must be time for twice that.
TEST(CostModel, TheBestTierThatFitsTwice) {
  CostModel costs;
  costs.Observe(Stage::kRetrieve, absl::Microseconds(10));
  costs.Observe(Stage::kRank, absl::Microseconds(20));
  costs.Observe(Stage::kRerank, absl::Microseconds(5));
  const absl::Duration less = absl::Nanoseconds(1);
  const auto ranked = [&](int microseconds, absl::Duration less) {
    return costs.Affordable(absl::Microseconds(microseconds) - less, true);
  };
  EXPECT_EQ(ranked(70, {}), Tier::kFull);
  EXPECT_EQ(ranked(70, less), Tier::kReduced);
  EXPECT_EQ(ranked(28, {}), Tier::kReduced);
  EXPECT_EQ(ranked(28, less), Tier::kRetrievalOrder);
  EXPECT_EQ(ranked(16, {}), Tier::kRetrievalOrder);
  EXPECT_EQ(ranked(16, less), Tier::kPopular);
  // Without a ranker: 15, and 3 + 5.
  EXPECT_EQ(costs.Affordable(absl::Microseconds(30), false), Tier::kFull);
  EXPECT_EQ(costs.Affordable(absl::Microseconds(30) - less, false),
            Tier::kReduced);
  EXPECT_EQ(costs.Affordable(absl::Microseconds(16), false), Tier::kReduced);
  EXPECT_EQ(costs.Affordable(absl::Microseconds(16) - less, false),
            Tier::kPopular);
}

}  // namespace
}  // namespace marquee
