// The list of people whom nothing places.
#include "core/pipeline/newcomer.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "core/pipeline/pipeline.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/data/scratch.h"
#include "tests/pipeline/small_world.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// p0 to p7, old: p0 is watched most by all, in Germany p7 by far, then p6. n0
// to n2 are new and unwatched, n0 the newest; "soon" is not released yet, "old"
// was released a day too early to be fresh.
SmallWorld World() {
  SmallWorld world;
  for (int i = 0; i < 8; ++i) {
    const std::string id = absl::StrCat("p", i);
    world.AddItem(id, {1, static_cast<float>(i)});
    world.AddWatches(id, 40 - 2 * i, "US");
  }
  world.AddWatches("p7", 9, "DE");
  world.AddWatches("p6", 3, "DE");
  const absl::CivilDay today(2026, 6, 1);
  for (int i = 0; i < 3; ++i) {
    world.AddItem(absl::StrCat("n", i), {});
    world.items.back().released = today - 10 * i;
  }
  world.AddItem("soon", {});
  world.items.back().released = today + 1;
  world.AddItem("old", {});
  world.items.back().released = today - kFreshDays - 1;
  return world;
}

class Newcomer : public ::testing::Test {
 protected:
  void Start(const SmallWorld& world) {
    snapshot_ = world.Build(ScratchPath("world"));
    pipeline_ =
        std::make_unique<Pipeline>(*snapshot_, PipelineOptions{}, clock_);
    scratch_ = std::make_unique<PipelineScratch>(*snapshot_, 500);
    request_.now = absl::FromUnixSeconds(kSmallNow);
  }
  std::vector<std::string> Ids(const std::string& country, size_t limit) {
    request_.country = country;
    request_.limit = limit;
    const absl::Status status =
        pipeline_->Recommend(request_, *scratch_, response_);
    EXPECT_TRUE(status.ok()) << status;
    std::vector<std::string> ids;
    for (const PlacedTitle& item : response_.items)
      ids.emplace_back(std::string(snapshot_->catalog().Id(item.row)));
    return ids;
  }

  FakeClock clock_{absl::FromUnixSeconds(kSmallNow)};
  std::unique_ptr<const Snapshot> snapshot_;
  std::unique_ptr<Pipeline> pipeline_;
  std::unique_ptr<PipelineScratch> scratch_;
  RecommendRequest request_;
  RecommendResponse response_;
};

TEST_F(Newcomer, WhatTheCountryWatchesThenWhatAllDoAndEveryFifthIsFresh) {
  Start(World());
  EXPECT_THAT(Ids("DE", 11), ElementsAre("p7", "p6", "p0", "p1", "n0", "p2",
                                         "p3", "p4", "p5", "n1", "n2"));
  EXPECT_EQ(response_.tier, Tier::kPopular);
  ASSERT_EQ(response_.degradations.size(), 1);
  EXPECT_EQ(response_.degradations[0].cause, Degradation::Cause::kNoVector);
  EXPECT_EQ(response_.vector_source, VectorSource::kNone);
  const auto source = [&](size_t i) {
    return static_cast<Source>(response_.items[i].source);
  };
  EXPECT_EQ(source(0), Source::kPopular);
  EXPECT_EQ(source(4), Source::kFresh);
  EXPECT_EQ(source(9), Source::kFresh);
  EXPECT_TRUE(std::is_sorted(
      response_.items.begin(), response_.items.end(),
      [](const auto& a, const auto& b) { return a.score > b.score; }));
}

TEST_F(Newcomer, ACountryThatNobodyIsKnownToWatchFromGetsTheListOfAll) {
  Start(World());
  EXPECT_THAT(Ids("FR", 6), ElementsAre("p0", "p1", "p2", "p7", "n0", "p3"));
  EXPECT_THAT(Ids("", 3), ElementsAre("p0", "p1", "p2"));
}

TEST_F(Newcomer, WhatIsNotOutYetOrAYearOldIsNotFresh) {
  Start(World());
  request_.exclude = {"n0", "n1", "n2"};
  const std::vector<std::string> ids = Ids("US", 5);
  EXPECT_THAT(ids, ElementsAre("p0", "p1", "p2", "p3", "p4"));
}

TEST_F(Newcomer, OnlyWhatMayBeShown) {
  SmallWorld world = World();
  world.items[0].maturity = 18;
  world.items[7].licences = {
      {"US", absl::InfinitePast(), absl::InfiniteFuture()}};
  world.items[8].licences.emplace();  // n0: nowhere
  Start(world);
  request_.maturity_limit = 12;
  EXPECT_THAT(Ids("DE", 6), ElementsAre("p6", "p1", "p2", "p3", "n1", "p4"));
  EXPECT_EQ(response_.guarded, 0);
}

TEST_F(Newcomer, EventsOfTheRequestPlaceAStranger) {
  Start(World());
  request_.user_id = "stranger";
  request_.recent_events = {{"p7", 1}};
  EXPECT_EQ(Ids("US", 1).size(), 1);
  EXPECT_EQ(response_.tier, Tier::kFull);
  EXPECT_EQ(response_.vector_source, VectorSource::kRecentEvents);
  // An event of a title without a vector places nobody, but was seen.
  request_.recent_events = {{"n0", 1}};
  EXPECT_THAT(Ids("US", 5), ElementsAre("p0", "p1", "p2", "p3", "n1"));
  EXPECT_EQ(response_.vector_source, VectorSource::kNone);
}

TEST_F(Newcomer, WhereNothingMayBeShownTheListIsEmptyAndSaysSo) {
  SmallWorld world = World();
  for (ItemRecord& item : world.items) item.licences.emplace();
  Start(world);
  EXPECT_THAT(Ids("US", 5), IsEmpty());
  ASSERT_EQ(response_.degradations.size(), 2);
  EXPECT_EQ(response_.degradations[1].cause,
            Degradation::Cause::kTooFewEligible);
}

}  // namespace
}  // namespace marquee
