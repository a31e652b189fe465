// The list of users without a vector.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "core/pipeline/pipeline.h"
#include "core/sources/sources.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/files/scratch.h"
#include "tests/pipeline/small_world.h"

namespace marquee {
namespace {

// As the default mix says.
constexpr int kNewDays = 365;

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
    world.AddWatches(id, 400 - 20 * i, "US");
  }
  world.AddWatches("p7", 90, "DE");
  world.AddWatches("p6", 60, "DE");
  const absl::CivilDay today(2026, 6, 1);
  for (int i = 0; i < 3; ++i) {
    world.AddItem(absl::StrCat("n", i), {});
    world.items.back().released = today - 10 * i;
  }
  world.AddItem("soon", {});
  world.items.back().released = today + 1;
  world.AddItem("old", {});
  world.items.back().released = today - kNewDays - 1;
  return world;
}

class ColdStart : public ::testing::Test {
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
    for (const RecommendedItem& item : response_.items)
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

TEST_F(ColdStart, WhatTheCountryWatchesThenWhatAllDoAndEveryFifthIsFresh) {
  Start(World());
  EXPECT_THAT(Ids("DE", 11), ElementsAre("p7", "p6", "p0", "p1", "n0", "p2",
                                         "p3", "p4", "p5", "n1", "n2"));
  EXPECT_EQ(response_.tier, Tier::kPopular);
  ASSERT_EQ(response_.degradations.size(), 1);
  EXPECT_EQ(response_.degradations[0].cause, Degradation::Cause::kNoVector);
  EXPECT_EQ(response_.vector_source, VectorSource::kNone);
  const auto source = [&](size_t i) { return response_.items[i].source; };
  EXPECT_EQ(source(0), Source::kTrending);
  EXPECT_EQ(source(4), Source::kNew);
  EXPECT_EQ(source(9), Source::kNew);
  EXPECT_TRUE(std::is_sorted(
      response_.items.begin(), response_.items.end(),
      [](const auto& a, const auto& b) { return a.score > b.score; }));
}

TEST_F(ColdStart, ACountryWithoutKnownUsersGetsTheListOfAll) {
  Start(World());
  EXPECT_THAT(Ids("FR", 6), ElementsAre("p0", "p1", "p2", "p7", "n0", "p3"));
  EXPECT_THAT(Ids("", 3), ElementsAre("p0", "p1", "p2"));
}

TEST_F(ColdStart, WhatIsNotOutYetOrAYearOldIsNotFresh) {
  Start(World());
  request_.exclude = {"n0", "n1", "n2"};
  const std::vector<std::string> ids = Ids("US", 5);
  EXPECT_THAT(ids, ElementsAre("p0", "p1", "p2", "p3", "p4"));
}

TEST_F(ColdStart, OnlyWhatMayBeShown) {
  SmallWorld world = World();
  world.items[0].maturity = 18;
  world.items[7].licences = {
      {"US", absl::InfinitePast(), absl::InfiniteFuture()}};
  world.items[8].licences.emplace();  // n0: nowhere
  Start(world);
  request_.maturity_limit = 12;
  EXPECT_THAT(Ids("DE", 6), ElementsAre("p6", "p1", "p2", "p3", "n1", "p4"));
  EXPECT_EQ(response_.removed_by_final_check, 0);
}

TEST_F(ColdStart, EventsOfTheRequestPlaceAStranger) {
  Start(World());
  request_.user_id = "stranger";
  request_.recent_events = {{"p7", 1}};
  EXPECT_EQ(Ids("US", 1).size(), 1);
  EXPECT_EQ(response_.tier, Tier::kFull);
  EXPECT_EQ(response_.vector_source, VectorSource::kRecentEvents);
  // An event of an item without a vector gives no vector, but was seen.
  request_.recent_events = {{"n0", 1}};
  EXPECT_THAT(Ids("US", 5), ElementsAre("p0", "p1", "p2", "p3", "n1"));
  EXPECT_EQ(response_.vector_source, VectorSource::kNone);
}

TEST_F(ColdStart, WhereNothingMayBeShownTheListIsEmptyAndSaysSo) {
  SmallWorld world = World();
  for (ItemRecord& item : world.items) item.licences.emplace();
  Start(world);
  EXPECT_THAT(Ids("US", 5), IsEmpty());
  ASSERT_EQ(response_.degradations.size(), 2);
  EXPECT_EQ(response_.degradations[1].cause,
            Degradation::Cause::kTooFewEligible);
}

// 48 items without a day that everybody watches, and 12 about the two ends of
// what is fresh: each fifth place is the latest of these that is out.
TEST_F(ColdStart, FreshIsFromTodayToAYearBackWhateverTheDay) {
  constexpr int kReleases[] = {3,  2,    1,    0,    -1,   -40,
                               -1, -300, -364, -365, -366, -400};
  SmallWorld world;
  for (int i = 0; i < 48; ++i) {
    world.AddItem(absl::StrCat("p", i), {1});
    world.AddWatches(absl::StrCat("p", i), 1);
  }
  const absl::CivilDay today(2026, 6, 1);
  for (size_t i = 0; i < std::size(kReleases); ++i) {
    world.AddItem(absl::StrCat("r", i), {});
    world.items.back().released = today + kReleases[i];
  }
  Start(world);
  for (int later = -500; later < 500; ++later) {
    SCOPED_TRACE(later);
    request_.now = absl::FromUnixSeconds(kSmallNow + 86400 * later + 86399);
    Ids("", 60);
    const int32_t day = static_cast<int32_t>(kSmallNow / 86400) + later;
    std::vector<ItemRow> expected, fresh;
    for (const ItemRow row : snapshot_->popularity().Newest().rows) {
      const int32_t released = snapshot_->catalog().ReleasedDay(row);
      if (released <= day && released >= day - 365) expected.push_back(row);
    }
    for (const RecommendedItem& item : response_.items) {
      if (item.source == Source::kNew) {
        fresh.push_back(item.row);
      }
    }
    ASSERT_EQ(fresh, expected);
  }
}

// Which nobody has played: their share is what being fresh gives them.
TEST_F(ColdStart, ARuleOfFreshnessMovesPlayedItemsAlone) {
  SmallWorld world = World();
  world.policy = "freshness { name: 'new' multiplier: 2 half_life_days: 30 }";
  // Without the rule, behind all of p0 to p7.
  world.AddItem("hit", {});
  world.items.back().released = absl::CivilDay(2026, 5, 1);
  world.AddWatches("hit", 255, "US");
  Start(world);
  EXPECT_THAT(Ids("US", 11), ElementsAre("p0", "p1", "p2", "p3", "n0", "p4",
                                         "p5", "p6", "hit", "p7", "n1"));
  EXPECT_EQ(response_.items[4].reason_count, 0);
  ASSERT_EQ(response_.items[8].reason_count, 1);
  EXPECT_EQ(response_.items[8].reasons[0].rule, "new");
}

// The newest first, then whatever there is.
TEST_F(ColdStart, WhereNothingWasPlayedTheListIsOfFreshItems) {
  SmallWorld world = World();
  world.interactions.clear();
  Start(world);
  const std::vector<std::string> ids = Ids("US", 5);
  EXPECT_THAT(std::vector(ids.begin(), ids.begin() + 3),
              ElementsAre("n0", "n1", "n2"));
  EXPECT_EQ(response_.items[2].source, Source::kNew);
  EXPECT_EQ(response_.items[3].source, Source::kPopular);
}

// Popular and fresh items end, popular ones last.
TEST_F(ColdStart, ThePlaceOfAFreshItemIsAPopularOnesWhereThereIsNone) {
  Start(World());
  request_.exclude = {"n0", "n1", "n2"};
  EXPECT_THAT(Ids("US", 50), ElementsAre("p0", "p1", "p2", "p3", "p4", "p5",
                                         "p6", "p7", "soon", "old"));
  for (size_t i = 0; i < response_.items.size(); ++i) {
    EXPECT_EQ(response_.items[i].source,
              i < 8 ? Source::kTrending : Source::kPopular);
  }
}

}  // namespace
}  // namespace marquee
