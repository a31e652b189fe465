#include "offline/evaluate/funnel.h"

#include <cmath>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/files/scratch.h"
#include "tests/pipeline/small_world.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;

// Twelve items on a line: "i0" is nearest to all users, "i11" farthest.
// Popular the other way round. "u" has seen i0; i1, i2, i3 and i4 are of one
// franchise, of which the policy allows one.
SmallWorld World() {
  SmallWorld world;
  for (int i = 0; i < 12; ++i) {
    const std::string id = absl::StrCat("i", i);
    world.AddItem(id, {static_cast<float>(12 - i), 1},
                  i >= 1 && i <= 4 ? "saga" : "");
    world.AddWatches(id, i + 1);
  }
  world.AddUser("u", {1, 0});
  world.AddUser("v", {1, 0});
  world.interactions.push_back({"u", "i0", 5, "play", 1});
  world.policy =
      "caps { name: \"one\" attribute: \"franchise\" max: 1 "
      "strict: true }";
  return world;
}

InteractionSet Likes(
    const std::vector<std::pair<std::string, std::string>>& pairs) {
  InteractionSet set;
  for (const auto& [user, item] : pairs) {
    set.user.push_back(set.users.FindOrAdd(user));
    set.item.push_back(set.items.FindOrAdd(item));
    set.timestamp.push_back(kSmallNow);
    set.weight.push_back(1);
  }
  return set;
}

const Contender& Named(const FunnelReport& report, const std::string& name) {
  for (const Contender& contender : report.contenders) {
    if (contender.name == name) return contender;
  }
  ADD_FAILURE() << "no contender " << name;
  return report.contenders.front();
}

TEST(EvaluateFunnel, CountsByHand) {
  const auto snapshot = World().Build(ScratchPath("world"));
  // i0 is seen by u: it can not be relevant, and no contender shows it.
  const auto report =
      EvaluateFunnel(*snapshot, Likes({{"u", "i0"}, {"u", "i2"}, {"u", "i5"}}),
                     {.k_recall = 3, .k_ndcg = 3, .k_retrieval = 50});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->users, 1);
  EXPECT_EQ(report->relevant, 2);
  EXPECT_EQ(report->without_vector, 0);
  const Contender& popularity = Named(*report, "popularity");
  const Contender& als = Named(*report, "als");
  const Contender& funnel = Named(*report, "funnel");
  const double ideal = 1 + 1 / std::log2(3.0);
  // i11, i10, i9.
  EXPECT_DOUBLE_EQ(popularity.recall, 0);
  EXPECT_DOUBLE_EQ(popularity.ndcg, 0);
  EXPECT_DOUBLE_EQ(popularity.retrieval_recall, 1);
  // i1, i2, i3: i2 at place 2.
  EXPECT_DOUBLE_EQ(als.recall, 0.5);
  EXPECT_DOUBLE_EQ(als.ndcg, 1 / std::log2(3.0) / ideal);
  // i1, i5, i6: the franchise's cap holds i2 back, i5 is at place 2.
  EXPECT_DOUBLE_EQ(funnel.recall, 0.5);
  EXPECT_DOUBLE_EQ(funnel.ndcg, 1 / std::log2(3.0) / ideal);
  EXPECT_DOUBLE_EQ(funnel.retrieval_recall, 1);
  EXPECT_DOUBLE_EQ(funnel.coverage, 3.0 / 12);
  // Watches: i1 2, i5 6, i6 7 of 1 + … + 12 and u's one.
  EXPECT_NEAR(
      funnel.novelty,
      -(std::log2(2 / 79.0) + std::log2(6 / 79.0) + std::log2(7 / 79.0)) / 3,
      1e-9);
  EXPECT_DOUBLE_EQ(als.recall_gain.mean, 0);
  EXPECT_DOUBLE_EQ(popularity.recall_gain.mean, 0.5);
  EXPECT_DOUBLE_EQ(popularity.ndcg_gain.low, 1 / std::log2(3.0) / ideal);
}

// All 11 items that u has not seen are candidates, by the vector alone. All
// were played first in 1970.
TEST(EvaluateFunnel, TellsWhatEachSourceBrings) {
  const auto snapshot = World().Build(ScratchPath("world"));
  const auto report = *EvaluateFunnel(
      *snapshot, Likes({{"u", "i2"}, {"u", "i5"}, {"stranger", "i11"}}),
      {.k_recall = 3, .k_ndcg = 3, .k_retrieval = 50});
  ASSERT_EQ(report.sources.size(), kCandidateSources);
  EXPECT_EQ(report.sources[0].name, "personal");
  EXPECT_DOUBLE_EQ(report.sources[0].candidates, 11 / 2.0);
  EXPECT_DOUBLE_EQ(report.sources[0].liked, 2 / 3.0);
  EXPECT_DOUBLE_EQ(report.sources[0].liked_alone, 2 / 3.0);
  EXPECT_EQ(report.sources[1].name, "trending");
  EXPECT_DOUBLE_EQ(report.sources[1].candidates, 12 / 2.0);
  EXPECT_DOUBLE_EQ(report.sources[1].liked, 1 / 3.0);
  ASSERT_EQ(report.ages.size(), 5);
  EXPECT_EQ(report.ages[3].name, "older");
  EXPECT_EQ(report.ages[3].liked, 3);
  EXPECT_DOUBLE_EQ(report.ages[3].retrieved, 1);
  EXPECT_DOUBLE_EQ(report.ages[3].listed, 2 / 3.0) << "i5 and i11";
  EXPECT_EQ(report.ages[0].liked, 0);
  EXPECT_EQ(report.users_with_vector.users, 1);
  EXPECT_DOUBLE_EQ(report.users_with_vector.recall, 0.5);
  EXPECT_EQ(report.users_without_vector.users, 1);
  EXPECT_DOUBLE_EQ(report.users_without_vector.recall, 1);
}

// The oldest of 30 new items is within the 50 of that source alone.
TEST(EvaluateFunnel, ASourceAloneListsAsManyAsAllTogether) {
  SmallWorld world = World();
  for (int i = 0; i < 30; ++i) {
    world.AddItem(absl::StrCat("new", i), {});
    world.items.back().released = absl::CivilDay(2026, 5, 31) - i;
  }
  const auto snapshot = world.Build(ScratchPath("new"));
  const auto report =
      *EvaluateFunnel(*snapshot, Likes({{"u", "new29"}}),
                      {.k_recall = 3, .k_ndcg = 3, .k_retrieval = 50});
  EXPECT_EQ(Named(report, "new").retrieval_recall, 1);
}

// Its first play is the beginning of an item without a release.
TEST(EvaluateFunnel, TellsTheAgesOfTheLiked) {
  constexpr int64_t kDay = 24 * 60 * 60;
  SmallWorld world = World();
  const std::vector<std::pair<const char*, int>> ages = {
      {"week", 7}, {"month", 8}, {"year", 31}, {"old", 366}};
  for (const auto& [id, days] : ages) {
    world.AddItem(id, {0.5f, 0.5f});
    world.interactions.push_back(
        {"v", id, kSmallNow - days * kDay + 1, "play", 1});
  }
  world.AddItem("never played", {0.5f, 0.5f});
  const auto snapshot = world.Build(ScratchPath("ages"));
  const auto report =
      *EvaluateFunnel(*snapshot,
                      Likes({{"u", "week"},
                             {"u", "month"},
                             {"u", "year"},
                             {"u", "old"},
                             {"u", "never played"}}),
                      {.k_recall = 3, .k_ndcg = 3, .k_retrieval = 50});
  std::vector<size_t> liked;
  for (const AgeReport& age : report.ages) liked.push_back(age.liked);
  EXPECT_THAT(liked, ::testing::ElementsAre(1, 1, 1, 1, 1));
}

TEST(EvaluateFunnel, UsersWithoutAVectorGetThePopularListFromAls) {
  const auto snapshot = World().Build(ScratchPath("world"));
  const auto report =
      EvaluateFunnel(*snapshot, Likes({{"stranger", "i11"}, {"v", "i0"}}),
                     {.k_recall = 1, .k_ndcg = 1, .k_retrieval = 50});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->users, 2);
  EXPECT_EQ(report->without_vector, 1);
  EXPECT_DOUBLE_EQ(Named(*report, "popularity").recall, 0.5)
      << "the stranger's";
  EXPECT_DOUBLE_EQ(Named(*report, "als").recall, 1);
}

// i0 was watched most, but long before the last day; i1 on that day.
TEST(EvaluateFunnel, TrendingListsAreOfTheirTime) {
  constexpr int64_t kDay = 24 * 60 * 60;
  SmallWorld world = World();
  world.interactions.clear();
  for (int i = 0; i < 2000; ++i) {
    const std::string user = absl::StrCat("of many ", i);
    world.AddUser(user, {});
    world.interactions.push_back(
        {user, "i0", kSmallNow - 40 * kDay, "play", 1});
    if (i % 2 == 0) {
      world.interactions.push_back({user, "i1", kSmallNow - kDay, "play", 1});
    }
  }
  const auto snapshot = world.Build(ScratchPath("trending"));
  const auto report =
      EvaluateFunnel(*snapshot, Likes({{"stranger", "i1"}}),
                     {.k_recall = 1, .k_ndcg = 1, .k_retrieval = 50});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(Named(*report, "popularity").recall, 0);
  for (const char* const name :
       {"trending 6h", "trending 1d", "trending 7d", "trending 30d"}) {
    EXPECT_EQ(Named(*report, name).recall, 1) << name;
  }
}

TEST(EvaluateFunnel, ASnapshotThatKnowsTheTestIsAnError) {
  const auto snapshot = World().Build(ScratchPath("world"));
  EXPECT_THAT(
      EvaluateFunnel(*snapshot, Likes({{"u", "i0"}}), {}).status().message(),
      HasSubstr("hold the test interactions too"));
  EXPECT_THAT(EvaluateFunnel(*snapshot, Likes({{"u", "i1"}}), {.k_recall = 201})
                  .status()
                  .message(),
              HasSubstr("--k-recall must be 1 to 200"));
}

}  // namespace
}  // namespace marquee
