// Candidates of several sources, through the whole pipeline.
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/pipeline/mix.h"
#include "core/pipeline/pipeline.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/files/scratch.h"
#include "tests/pipeline/small_world.h"
#include "tests/snapshot/tiny_snapshot.h"

namespace marquee {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int64_t kDay = 24 * 60 * 60;

// t0 to t9 on a quarter of a circle from u's vector, all played long ago. "hit"
// was played most yesterday and has no vector, nor has "news", released
// yesterday, which nobody has played. u liked t0 first, then t9; who liked t9
// liked "pair", who liked t0 liked "old pair".
SmallWorld World() {
  SmallWorld world;
  world.only_personal = false;
  for (int i = 0; i < 10; ++i) {
    const float part = static_cast<float>(i) / 9;
    const std::string id = absl::StrCat("t", i);
    world.AddItem(id, {1 - part, part});
    world.AddWatches(id, 10 - i, "DE");
  }
  for (const char* const id : {"hit", "pair", "old pair"}) {
    world.AddItem(id, {});
  }
  world.AddItem("news", {});
  world.items.back().released = absl::CivilDay(2026, 5, 31);
  world.AddUser("u", {1, 0});
  world.AddUser("without", {});
  world.interactions.push_back({"u", "t0", kSmallNow - 9 * kDay, "play", 1});
  world.interactions.push_back({"u", "t9", kSmallNow - 8 * kDay, "play", 1});
  for (int i = 0; i < 5; ++i) {
    const std::string fan = absl::StrCat("fan", i);
    world.AddUser(fan, {});
    for (const char* const id : {"t9", "pair"}) {
      world.interactions.push_back({fan, id, kSmallNow - 99 * kDay, "play", 1});
    }
  }
  world.AddUser("older fan", {});
  for (const char* const id : {"t0", "old pair"}) {
    world.interactions.push_back(
        {"older fan", id, kSmallNow - 99 * kDay, "play", 1});
  }
  for (int i = 0; i < 50; ++i) {
    const std::string id = absl::StrCat("late", i);
    world.AddUser(id, {});
    world.interactions.push_back({id, "hit", kSmallNow - kDay, "play", 1});
  }
  return world;
}

class Sources : public ::testing::Test {
 protected:
  void Start(const SmallWorld& world) {
    snapshot_ = world.Build(ScratchPath("world"));
    pipeline_ =
        std::make_unique<Pipeline>(*snapshot_, PipelineOptions{}, clock_);
    scratch_ = std::make_unique<PipelineScratch>(*snapshot_, 500);
    request_.now = absl::FromUnixSeconds(kSmallNow);
    request_.limit = 5;
  }
  std::vector<std::string> Ask(const std::string& user,
                               std::vector<Source> sources = {}) {
    request_.user_id = user;
    request_.sources = std::move(sources);
    const absl::Status status =
        pipeline_->Recommend(request_, *scratch_, response_, &trace_);
    EXPECT_TRUE(status.ok()) << status;
    std::vector<std::string> ids;
    for (const RecommendedItem& item : response_.items) {
      ids.emplace_back(snapshot_->catalog().Id(item.row));
    }
    return ids;
  }
  std::vector<Source> Shown() const {
    std::vector<Source> sources;
    for (const RecommendedItem& item : response_.items) {
      sources.push_back(item.source);
    }
    return sources;
  }

  const FakeClock clock_{absl::FromUnixSeconds(kSmallNow)};
  std::unique_ptr<const Snapshot> snapshot_;
  std::unique_ptr<Pipeline> pipeline_;
  std::unique_ptr<PipelineScratch> scratch_;
  RecommendRequest request_;
  RecommendResponse response_;
  Trace trace_;
};

TEST_F(Sources, ARowHasTheOrderOfItsSourceAndNothingElse) {
  Start(World());
  EXPECT_THAT(Ask("u", {Source::kTrending}),
              ElementsAre("hit", "t1", "t2", "t3", "t4"));
  EXPECT_THAT(Shown(), Each(Source::kTrending));
  EXPECT_EQ(response_.tier, Tier::kFull);
  EXPECT_FALSE(response_.engine) << "no vector is needed";
  EXPECT_THAT(response_.degradations, IsEmpty());

  // By release, else by the first play; of one moment in the order of rows.
  EXPECT_THAT(Ask("u", {Source::kNew}),
              ElementsAre("hit", "news", "pair", "old pair"));
  ASSERT_THAT(response_.degradations, SizeIs(1));
  EXPECT_EQ(response_.degradations[0].cause, Degradation::Cause::kSources);
  EXPECT_EQ(response_.degradations[0].detail,
            "the requested sources have 4 items");

  // The last liked item first.
  EXPECT_THAT(Ask("u", {Source::kBecause}), ElementsAre("pair", "old pair"));
  EXPECT_THAT(Shown(), Each(Source::kBecause));
}

TEST_F(Sources, ARowNeedsNoVector) {
  Start(World());
  EXPECT_THAT(Ask("without", {Source::kTrending}), SizeIs(5));
  EXPECT_EQ(response_.tier, Tier::kFull);
  EXPECT_THAT(response_.degradations, IsEmpty());
  EXPECT_THAT(Ask("without", {Source::kBecause}), IsEmpty());
}

// The request's events are later than the stored history, the last one last.
TEST_F(Sources, TheLatestItemsAreTheRequestsFromTheEnd) {
  Start(World());
  request_.recent_events = {{"t3"}, {"nothing"}, {"t4"}};
  Ask("u");
  std::vector<std::string> latest;
  for (const ItemRow row : scratch_->user.latest) {
    latest.emplace_back(snapshot_->catalog().Id(row));
  }
  EXPECT_THAT(latest, ElementsAre("t4", "t3", "t9", "t0"));
}

TEST_F(Sources, AnItemWithoutAVectorReachesTheList) {
  SmallWorld world = World();
  world.policy =
      "sources { name: 'a' source: 'personal' weight: 2 }\n"
      "sources { name: 'b' source: 'trending' weight: 1 }\n"
      "sources { name: 'c' source: 'new' weight: 1 days: 2 }\n";
  Start(world);
  EXPECT_THAT(Ask("u"), ElementsAre("t1", "t2", "hit", "news", "t3"));
  EXPECT_THAT(Shown(),
              ElementsAre(Source::kPersonal, Source::kPersonal,
                          Source::kTrending, Source::kNew, Source::kPersonal));
  for (size_t i = 1; i < response_.items.size(); ++i) {
    EXPECT_LT(response_.items[i].score, response_.items[i - 1].score);
  }
}

// For the ranker: inner products, and where each source has the item.
TEST_F(Sources, CandidatesHaveTheirInnerProductsAndRanks) {
  Start(World());
  Ask("u");
  ASSERT_EQ(trace_.origins.size(), trace_.candidates.size());
  bool seen_hit = false;
  for (size_t i = 0; i < trace_.candidates.size(); ++i) {
    const Candidate& candidate = trace_.candidates[i];
    const std::string id(snapshot_->catalog().Id(candidate.row));
    if (id == "hit") {
      seen_hit = true;
      EXPECT_TRUE(std::isnan(candidate.score));
      EXPECT_EQ(trace_.origins[i].rank[0], 0) << "it has no vector";
      EXPECT_EQ(trace_.origins[i].rank[1], 1);
    } else if (id == "t3") {
      EXPECT_FLOAT_EQ(candidate.score, 1 - 3.0f / 9);
      EXPECT_EQ(trace_.origins[i].rank[0], 3) << "behind t1 and t2";
      EXPECT_EQ(trace_.origins[i].rank[1], 4) << "behind hit, t1 and t2";
    }
  }
  EXPECT_TRUE(seen_hit);
}

TEST_F(Sources, AUserWithoutAVectorIsRanked) {
  SmallWorld world = World();
  world.ranker = kTinyModel;
  Start(world);
  Ask("without");
  EXPECT_EQ(response_.tier, Tier::kFull);
  EXPECT_EQ(trace_.ranker_scores.size(), trace_.candidates.size());
  ASSERT_THAT(response_.degradations, SizeIs(1));
  EXPECT_EQ(response_.degradations[0].cause, Degradation::Cause::kNoVector);
  request_.best_tier = Tier::kRetrievalOrder;
  Ask("without");
  EXPECT_EQ(response_.tier, Tier::kPopular);
  EXPECT_THAT(trace_.ranker_scores, IsEmpty());
}

TEST_F(Sources, AMixBelongsToItsAudience) {
  SmallWorld world = World();
  world.policy =
      "sources { name: 'row' source: 'trending' weight: 1 "
      "audience { scenes: 'row' } }\n"
      "sources { name: 'again' source: 'trending' weight: 9 half_life: '6h' }\n"
      "sources { name: 'near' source: 'personal' weight: 3 "
      "audience { scenes: 'home' } }\n";
  Start(world);
  const auto mix = [&](const char* scene) {
    return MixOf({}, snapshot_->policy(), UserContext{.scene = scene});
  };
  EXPECT_EQ(mix("row").weight(Source::kTrending), 1) << "the first counts";
  EXPECT_EQ(mix("row").horizon, Horizon::kWeek);
  EXPECT_EQ(mix("row").weight(Source::kPersonal), 0);
  EXPECT_EQ(mix("home").weight(Source::kTrending), 9);
  EXPECT_EQ(mix("home").horizon, Horizon::kHours);
  EXPECT_EQ(mix("home").weight(Source::kPersonal), 3);
  request_.scene = "row";
  Ask("u");
  EXPECT_THAT(Shown(), Each(Source::kTrending));
}

TEST(SourceMix, IsTheDefaultWhereNoRuleApplies) {
  const SourceMix mix = MixOf({}, Policy{}, UserContext{});
  EXPECT_EQ(mix.weights, SourceMix::Default().weights);
  EXPECT_THAT(WithoutVector(mix).weights, ElementsAre(0, 4, 1, 4, 1));
  EXPECT_THAT(Cheapest(mix).weights, ElementsAre(0, 4, 1, 0, 0));
  SourceMix only;
  only.weight(Source::kPersonal) = 7;
  EXPECT_THAT(WithoutVector(only).weights, ElementsAre(0, 4, 1, 0, 0))
      << "a list there must be";
}

}  // namespace
}  // namespace marquee
