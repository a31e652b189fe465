#include "core/rerank/slate.h"

#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "core/rerank/policy_loader.h"
#include "core/simd/dot.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/rerank/world.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;

constexpr size_t kItems = 120;

class SlateTest : public ::testing::Test {
 protected:
  SlateTest() : everything_(BitmapWords(kItems), ~uint64_t{0}) {
    everything_.back() = (uint64_t{1} << (kItems % 64)) - 1;
    request_.catalog = world_.catalog.get();
    request_.eligible = everything_;
    request_.limit = 6;
  }

  void SetPolicy(const std::string& text) {
    auto policy = LoadPolicy(text, "policy", *world_.catalog, *world_.calendar);
    ASSERT_TRUE(policy.ok()) << policy.status();
    policy_ = *std::move(policy);
    request_.policy = policy_.get();
  }

  // Candidates t0, t1, … with falling scores.
  std::vector<RecommendedItem> Fill(size_t count) {
    std::vector<Candidate> candidates;
    for (uint32_t i = 0; i < count; ++i) {
      candidates.push_back({ItemRow{i}, 100.0f - static_cast<float>(i)});
    }
    return FillWith(candidates);
  }
  std::vector<RecommendedItem> FillWith(std::vector<Candidate> candidates) {
    std::vector<RecommendedItem> out;
    outcome_ = FillSlate(request_, candidates, scratch_, out);
    return out;
  }
  void MakePopular(std::vector<uint32_t> in_country,
                   std::vector<uint32_t> everywhere) {
    in_country_.clear();
    everywhere_.clear();
    for (const uint32_t row : in_country) in_country_.push_back(ItemRow{row});
    for (const uint32_t row : everywhere) everywhere_.push_back(ItemRow{row});
    request_.popular = {in_country_, everywhere_};
  }
  static std::vector<uint32_t> Rows(
      const std::vector<RecommendedItem>& places) {
    std::vector<uint32_t> rows;
    for (const RecommendedItem& place : places)
      rows.push_back(Index(place.row));
    return rows;
  }

  RerankWorld world_{kItems};
  std::vector<uint64_t> everything_;
  std::unique_ptr<const Policy> policy_;
  SlateRequest request_;
  SlateScratch scratch_;
  SlateOutcome outcome_;
  std::vector<ItemRow> in_country_;
  std::vector<ItemRow> everywhere_;
};

TEST_F(SlateTest, WithoutRulesItIsTheOrderOfScores) {
  SetPolicy("");
  EXPECT_THAT(Rows(Fill(50)), ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_THAT(Rows(Fill(3)), ElementsAre(0, 1, 2));
  EXPECT_TRUE(Fill(0).empty());
}

TEST_F(SlateTest, CapOfTheListHoldsBackTheRest) {
  SetPolicy("caps { name: 'c' attribute: 'franchise' max: 2 }");
  std::vector<HeldBack> held;
  request_.held_back = &held;
  EXPECT_THAT(Rows(Fill(50)), ElementsAre(0, 1, 6, 7, 12, 13));
  ASSERT_FALSE(held.empty());
  EXPECT_EQ(Index(held[0].row), 2);
  EXPECT_EQ(held[0].cap->name, "c");
}

TEST_F(SlateTest, CapOfAWindowSpreadsAKindOut) {
  SetPolicy("caps { name: 'c' attribute: 'franchise' max: 1 window: 3 }");
  EXPECT_THAT(Rows(Fill(18)), ElementsAre(0, 6, 12, 1, 7, 13));
}

TEST_F(SlateTest, StrictCapsAreNotRelaxed) {
  SetPolicy("caps { name: 'c' attribute: 'franchise' max: 2 }");
  EXPECT_THAT(Rows(Fill(6)), ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_EQ(outcome_.relaxed, 4);
  SetPolicy("caps { name: 'c' attribute: 'franchise' max: 2 strict: true }");
  EXPECT_THAT(Rows(Fill(6)), ElementsAre(0, 1));
  EXPECT_EQ(outcome_.relaxed, 0);
}

TEST_F(SlateTest, OneCapIsRelaxedBesideAStrictOne) {
  SetPolicy(R"(caps { name: 'a' attribute: 'franchise' max: 2 }
               caps { name: 'b' attribute: 'genre' max: 2 strict: true })");
  // t0 to t5 are of one franchise, Comedy and Drama by turns, t0 of War too.
  EXPECT_THAT(Rows(Fill(6)), ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(outcome_.relaxed, 2);
}

// Six items of one franchise and two others: the cap is relaxed at the last
// places, not from the first on.
TEST_F(SlateTest, CapsAreRelaxedOnlyWhereAPlaceWouldStayEmpty) {
  SetPolicy("caps { name: 'c' attribute: 'franchise' max: 2 }");
  EXPECT_THAT(Rows(Fill(8)), ElementsAre(0, 1, 6, 7, 2, 3));
}

TEST_F(SlateTest, PinsTakeTheirPlacesAndCountForCaps) {
  SetPolicy(R"(caps { name: 'c' attribute: 'franchise' max: 2 }
               pins { name: 'p' item_id: 't5' position: 2 }
               pins { name: 'far' item_id: 't99' position: 9 })");
  const auto places = Fill(50);
  EXPECT_THAT(Rows(places), ElementsAre(0, 5, 6, 7, 12, 13));
  EXPECT_EQ(places[1].source, Source::kPinned);
  ASSERT_EQ(places[1].reason_count, 1);
  EXPECT_EQ(places[1].reasons[0].kind, ReasonKind::kPin);
  EXPECT_EQ(places[1].reasons[0].rule, "p");
}

TEST_F(SlateTest, APinThatMayNotBeShownLeavesItsPlace) {
  SetPolicy("pins { name: 'p' item_id: 't70' position: 1 }");
  ClearBit(everything_, 70);
  EXPECT_THAT(Rows(Fill(50)), ElementsAre(0, 1, 2, 3, 4, 5));
}

TEST_F(SlateTest, AShortListHasNoHolesBeforeItsPins) {
  SetPolicy("pins { name: 'p' item_id: 't70' position: 5 }");
  EXPECT_THAT(Rows(Fill(2)), ElementsAre(0, 1, 70));
}

TEST_F(SlateTest, PopularItemsFillUpBehindTheCandidates) {
  SetPolicy("");
  MakePopular({50, 3, 40, 51}, {60, 50, 61});
  request_.limit = 5;
  const auto places = FillWith({{ItemRow{1}, 0.1f}, {ItemRow{3}, 0.2f}});
  EXPECT_THAT(Rows(places), ElementsAre(3, 1, 50, 40, 51));
  EXPECT_EQ(places[2].source, Source::kPopular);
  ASSERT_EQ(places[2].reason_count, 1);
  EXPECT_EQ(places[2].reasons[0].kind, ReasonKind::kBackfill);
  EXPECT_EQ(places[1].reason_count, 0);
  EXPECT_LT(places[2].score, places[1].score);
  EXPECT_LT(places[3].score, places[2].score);
  EXPECT_EQ(outcome_.backfilled, 3);
  EXPECT_TRUE(outcome_.searched);
  EXPECT_FALSE(outcome_.cut_off);
  // The list of the country first, then that of all.
  request_.limit = 7;
  EXPECT_THAT(Rows(FillWith({})), ElementsAre(50, 3, 40, 51, 60, 61));
}

TEST_F(SlateTest, PopularItemsThatMayNotBeShownAreLeftOut) {
  SetPolicy("pins { name: 'p' item_id: 't51' position: 2 }");
  MakePopular({50, 51, 52}, {});
  ClearBit(everything_, 50);
  EXPECT_THAT(Rows(FillWith({})), ElementsAre(52, 51));
}

// A candidate that caps hold back at one place stands before the popular item
// at the next.
TEST_F(SlateTest, APopularItemStandsOnlyWhereNoCandidateFits) {
  SetPolicy("caps { name: 'c' attribute: 'franchise' max: 1 window: 2 }");
  MakePopular({60, 66, 72}, {});
  request_.limit = 4;
  EXPECT_THAT(Rows(Fill(3)), ElementsAre(0, 60, 1, 66));
}

// Before caps are relaxed, popular items that they allow are taken.
TEST_F(SlateTest, PopularItemsComeBeforeCapsAreRelaxed) {
  SetPolicy("caps { name: 'c' attribute: 'franchise' max: 2 }");
  MakePopular({4, 5, 60}, {});
  request_.limit = 5;
  EXPECT_THAT(Rows(Fill(4)), ElementsAre(0, 1, 60, 2, 3));
  EXPECT_EQ(outcome_.relaxed, 2);
}

// The lists are longer than a search may be.
TEST_F(SlateTest, TheSearchForPopularItemsIsBounded) {
  SetPolicy("");
  std::vector<uint32_t> everywhere(Backfill::kMaxSteps, 60);
  everywhere.push_back(61);
  ClearBit(everything_, 60);
  MakePopular({50}, everywhere);
  EXPECT_THAT(Rows(FillWith({})), ElementsAre(50));
  EXPECT_TRUE(outcome_.cut_off);
  EXPECT_FALSE(outcome_.late);
  // One less is found.
  everywhere.erase(everywhere.begin(), everywhere.begin() + 100);
  MakePopular({50}, everywhere);
  EXPECT_THAT(Rows(FillWith({})), ElementsAre(50, 61));
  EXPECT_FALSE(outcome_.cut_off);
}

// Where no more items can be looked at under all caps, the strict ones alone
// apply.
TEST_F(SlateTest, StrictCapsHaveASearchOfTheirOwn) {
  SetPolicy("caps { name: 'c' attribute: 'franchise' max: 1 window: 2 }");
  std::vector<uint32_t> everywhere(Backfill::kMaxSteps, 60);
  ClearBit(everything_, 60);
  MakePopular({0, 1, 2}, everywhere);
  request_.limit = 3;
  EXPECT_THAT(Rows(FillWith({})), ElementsAre(0, 1, 2));
  EXPECT_EQ(outcome_.relaxed, 2);
}

TEST_F(SlateTest, AListWithoutTimeIsNotFilledUp) {
  FakeClock clock(absl::UnixEpoch());
  SetPolicy("");
  MakePopular({50}, {});
  request_.clock = &clock;
  request_.deadline = clock.Steady() + absl::Milliseconds(1);
  EXPECT_THAT(Rows(Fill(2)), ElementsAre(0, 1, 50));
  EXPECT_FALSE(outcome_.late);
  clock.Advance(absl::Milliseconds(1));
  EXPECT_THAT(Rows(Fill(2)), ElementsAre(0, 1));
  EXPECT_TRUE(outcome_.late);
  EXPECT_TRUE(outcome_.cut_off);
}

TEST_F(SlateTest, DiversityPrefersWhatIsUnlikeWhatStandsThere) {
  SetPolicy("diversity { name: 'd' strength: 0.5 }");
  // t0 and t1 alike, t2 at a right angle.
  const std::vector<float> vectors = {1, 0, 1, 0, 0, 1};
  request_.vectors = vectors;
  request_.dimension = 2;
  request_.limit = 2;
  const auto places = FillWith({{ItemRow{0}, 1.0f},
                                {ItemRow{1}, 0.9f},
                                {ItemRow{2}, 0.5f},
                                {ItemRow{3}, 0}});
  EXPECT_THAT(Rows(places), ElementsAre(0, 2));
  EXPECT_EQ(places[1].reasons[0].kind, ReasonKind::kDiversity);
  SetPolicy("");
  EXPECT_THAT(
      Rows(FillWith(
          {{ItemRow{0}, 1.0f}, {ItemRow{1}, 0.9f}, {ItemRow{2}, 0.5f}})),
      ElementsAre(0, 1));
}

// Strength 1 would place the least similar; the scale of relevance is that of
// the best candidates, whatever fills the list behind them.
TEST_F(SlateTest, PopularItemsDoNotChangeWhatDiversityWeighs) {
  SetPolicy("diversity { name: 'd' strength: 0.4 pool: 20 }");
  const std::vector<float> vectors = {1, 0, 1, 0, 0, 1};
  request_.vectors = vectors;
  request_.dimension = 2;
  const std::vector<Candidate> candidates = {
      {ItemRow{0}, 1.0f}, {ItemRow{1}, 0.9f}, {ItemRow{2}, 0.2f}};
  // t1: 0.6 · 0.875 - 0.4 · 1 = 0.125; t2: 0.
  EXPECT_THAT(Rows(FillWith(candidates)), ElementsAre(0, 1, 2));
  MakePopular({70, 71, 72, 73, 74, 75}, {});
  EXPECT_THAT(Rows(FillWith(candidates)), ElementsAre(0, 1, 2, 70, 71, 72));
}

// Every place that stays empty is one that a candidate would have had.
TEST_F(SlateTest, CapsThatLeaveAListShortHoldBackTheRest) {
  SetPolicy("caps { name: 'c' attribute: 'franchise' max: 2 strict: true }");
  std::vector<HeldBack> held;
  request_.held_back = &held;
  EXPECT_THAT(Rows(Fill(6)), ElementsAre(0, 1));
  ASSERT_EQ(held.size(), 4);
  for (uint32_t i = 0; i < 4; ++i) {
    EXPECT_EQ(Index(held[i].row), i + 2);
    EXPECT_EQ(held[i].cap->name, "c");
  }
  // Where popular items fill it, too.
  held.clear();
  MakePopular({60, 66, 72, 78}, {});
  EXPECT_THAT(Rows(Fill(6)), ElementsAre(0, 1, 60, 66, 72, 78));
  EXPECT_EQ(held.size(), 4);
  held.clear();
  request_.limit = 3;
  EXPECT_THAT(Rows(Fill(6)), ElementsAre(0, 1, 60));
  EXPECT_EQ(held.size(), 4);
  // A full list holds back only what stands above its last item.
  held.clear();
  request_.limit = 2;
  EXPECT_THAT(Rows(Fill(6)), ElementsAre(0, 1));
  EXPECT_TRUE(held.empty());
}

// t1 fits behind t0 nowhere, though a look at the first place finds it alone;
// t0 fits before the pinned t5 nowhere but at the end.
TEST_F(SlateTest, WhatAWindowHoldsBackIsLookedForAtEveryPlace) {
  std::vector<HeldBack> held;
  request_.held_back = &held;
  request_.limit = 4;
  SetPolicy(
      "caps { name: 'c' attribute: 'franchise' max: 1 window: 3\n"
      "       strict: true }");
  EXPECT_THAT(Rows(Fill(7)), ElementsAre(0, 6));
  ASSERT_EQ(held.size(), 5);
  EXPECT_EQ(held[0].cap->name, "c");
  held.clear();
  SetPolicy(
      "caps { name: 'c' attribute: 'franchise' max: 1 window: 2 }\n"
      "pins { name: 'p' item_id: 't5' position: 2 }");
  request_.limit = 3;
  EXPECT_THAT(Rows(FillWith({{ItemRow{6}, 3}, {ItemRow{12}, 2}})),
              ElementsAre(6, 5, 12));
  EXPECT_TRUE(held.empty());
  request_.limit = 2;
  EXPECT_THAT(Rows(FillWith({{ItemRow{0}, 3}, {ItemRow{6}, 2}})),
              ElementsAre(6, 5));
  ASSERT_EQ(held.size(), 1);
  EXPECT_EQ(Index(held[0].row), 0);
  EXPECT_EQ(held[0].cap->name, "c");
}

// A pin that moved up stands in the list, a candidate though it is.
TEST_F(SlateTest, APinThatMovedUpIsNotHeldBack) {
  SetPolicy(
      "caps { name: 'c' attribute: 'franchise' max: 1 strict: true }\n"
      "pins { name: 'p' item_id: 't7' position: 5 }");
  std::vector<HeldBack> held;
  request_.held_back = &held;
  EXPECT_THAT(
      Rows(FillWith({{ItemRow{0}, 3}, {ItemRow{1}, 2}, {ItemRow{7}, 1}})),
      ElementsAre(0, 7));
  ASSERT_EQ(held.size(), 1);
  EXPECT_EQ(Index(held[0].row), 1);
}

TEST_F(SlateTest, PinsStandInTheListOrNowhere) {
  SetPolicy(
      "pins { name: 'p' item_id: 't8' position: 1 }\n"
      "pins { name: 'q' item_id: 't9' position: 2 }");
  std::vector<HeldBack> held;
  request_.held_back = &held;
  request_.limit = 1;
  EXPECT_THAT(Rows(Fill(3)), ElementsAre(8));
  EXPECT_TRUE(held.empty()) << "no candidate won a place";
  // Right behind the end: it has the place that its score wins.
  SetPolicy("pins { name: 'p' item_id: 't1' position: 3 }");
  request_.limit = 2;
  EXPECT_THAT(Rows(Fill(3)), ElementsAre(0, 1));
}

// One item that a model scores beyond all measure leaves the order of the
// others as it is: diversity has the scale of those. Its vector is like none.
TEST_F(SlateTest, AnOutlierLeavesTheOrderOfTheOthers) {
  SetPolicy("diversity { name: 'd' strength: 0.4 pool: 60 }");
  std::mt19937 random(5);
  std::normal_distribution<float> normal;
  std::vector<float> vectors(60 * 3);
  for (float& value : vectors) value = normal(random);
  for (size_t k = 0; k < 3; ++k) vectors[59 * 3 + k] = 0;
  request_.vectors = vectors;
  request_.dimension = 3;
  request_.limit = 20;
  std::vector<Candidate> others;
  for (uint32_t i = 0; i < 30; ++i)
    others.push_back({ItemRow{i}, normal(random)});
  const auto list_with = [&](std::vector<Candidate> more) {
    more.insert(more.end(), others.begin(), others.end());
    BoostScratch memory;
    ApplyBoosts(*policy_, {}, *world_.catalog, more, memory);
    std::vector<uint32_t> rows = Rows(FillWith(more));
    std::erase(rows, 59);
    rows.resize(19);
    return rows;
  };
  const std::vector<uint32_t> want = list_with({});
  const float infinity = std::numeric_limits<float>::infinity();
  for (const float score : {infinity, 1e30f, 1e6f, -1e6f, -infinity}) {
    EXPECT_EQ(list_with({{ItemRow{59}, score}}), want) << score;
  }
}

TEST_F(SlateTest, WhatDiversityPassedOverIsToldWithoutACap) {
  SetPolicy("diversity { name: 'd' strength: 0.5 }");
  const std::vector<float> vectors = {1, 0, 1, 0, 0, 1};
  request_.vectors = vectors;
  request_.dimension = 2;
  request_.limit = 2;
  std::vector<HeldBack> held;
  request_.held_back = &held;
  const std::vector<Candidate> candidates = {{ItemRow{0}, 1.0f},
                                             {ItemRow{1}, 0.9f},
                                             {ItemRow{2}, 0.5f},
                                             {ItemRow{3}, 0}};
  const auto places = FillWith(candidates);
  EXPECT_THAT(Rows(places), ElementsAre(0, 2));
  EXPECT_EQ(places[0].reason_count, 0);
  ASSERT_EQ(places[1].reason_count, 1);
  EXPECT_EQ(places[1].reasons[0].rule, "d");
  ASSERT_EQ(held.size(), 1);
  EXPECT_EQ(Index(held[0].row), 1);
  EXPECT_EQ(held[0].cap, nullptr);
}

// Five times the length of the list, counted among those that may stand there.
TEST_F(SlateTest, DiversityChoosesFromAPoolOfTheBest) {
  SetPolicy("diversity { name: 'd' strength: 1 }");
  std::vector<float> vectors;
  for (int i = 0; i < 10; ++i) vectors.insert(vectors.end(), {1, 0});
  // t10 is somewhat, t11 altogether unlike the others.
  vectors.insert(vectors.end(), {0.6f, 0.8f, 0, 1});
  request_.vectors = vectors;
  request_.dimension = 2;
  request_.limit = 2;
  EXPECT_THAT(Rows(Fill(12)), ElementsAre(0, 10));
}

// From the best candidate to that where pool and list end: the 22nd here.
TEST_F(SlateTest, DiversityScalesRelevanceOverPoolAndList) {
  SetPolicy("diversity { name: 'd' strength: 0.5 pool: 20 }");
  // A step of relevance is 1/21; t1 is alike t0 by a little more, 0.053.
  std::vector<float> vectors = {1, 0, 0.053f, 0.9986f};
  for (int i = 2; i < 30; ++i) vectors.insert(vectors.end(), {0, 1});
  request_.vectors = vectors;
  request_.dimension = 2;
  request_.limit = 2;
  EXPECT_THAT(Rows(Fill(30)), ElementsAre(0, 2));
}

TEST_F(SlateTest, PopularItemsFallByOneFromTheLeastCandidate) {
  SetPolicy("");
  MakePopular({50, 51}, {});
  auto places = FillWith({{ItemRow{1}, 0.5f}, {ItemRow{2}, 3}});
  ASSERT_EQ(places.size(), 4);
  EXPECT_EQ(places[2].score, -0.5f);
  EXPECT_EQ(places[3].score, -1.5f);
  places = FillWith({});
  EXPECT_EQ(places[0].score, -1);
  EXPECT_EQ(places[1].score, -2);
}

TEST_F(SlateTest, APinKeepsTheScoreThatItsItemHas) {
  SetPolicy(
      "pins { name: 'p' item_id: 't5' position: 1 }\n"
      "pins { name: 'q' item_id: 't70' position: 2 }");
  const auto places = Fill(8);
  EXPECT_EQ(places[0].score, 95);
  EXPECT_EQ(places[1].score, 0) << "it was no candidate";
}

// For different users, which may be the same one.
TEST_F(SlateTest, AnItemThatIsPinnedTwiceStandsOnce) {
  SetPolicy(
      "pins { name: 'p' item_id: 't5' position: 1 }\n"
      "pins { name: 'q' item_id: 't5' position: 3\n"
      "       audience { countries: 'DE' } }");
  request_.context.country = "DE";
  EXPECT_THAT(Rows(Fill(50)), ElementsAre(5, 0, 1, 2, 3, 4));
}

TEST_F(SlateTest, BoostsAndFreshnessAreReasonsWhereTheyAreNoticeable) {
  SetPolicy(R"(
    boosts { name: 'up' multiplier: 2 match { item_ids: 't0' item_ids: 't3' } }
    boosts { name: 'down' multiplier: 0.5 match { item_ids: 't0' } }
    boosts { name: 'hardly' multiplier: 1.04 match { item_ids: 't1' } }
    boosts { name: 'tv' multiplier: 2 match { item_ids: 't1' }
             audience { devices: 'tv' } }
    freshness { name: 'new' multiplier: 2 half_life_days: 1 }
    freshness { name: 'radio' multiplier: 2 half_life_days: 1
                audience { devices: 'radio' } })");
  // Of day 3 of the world: t3 is new, t0 three days old.
  request_.context.now = 3 * 24 * 3600;
  const auto places = Fill(5);
  const auto rules = [&](size_t place) {
    std::vector<std::string> names;
    for (size_t i = 0; i < places[place].reason_count; ++i) {
      const Reason& reason = places[place].reasons[i];
      EXPECT_EQ(reason.kind,
                reason.rule == "new" ? ReasonKind::kFresh : ReasonKind::kBoost);
      names.emplace_back(reason.rule);
    }
    return names;
  };
  EXPECT_THAT(rules(0), ElementsAre("up", "down", "new"));
  EXPECT_THAT(rules(1), ElementsAre("new"));
  EXPECT_THAT(rules(3), ElementsAre("up", "new"));
  EXPECT_THAT(rules(4), ElementsAre());  // not released yet
  // Ten days later nothing is new.
  request_.context.now = 13 * 24 * 3600;
  EXPECT_EQ(Fill(5)[1].reason_count, 0);
}

TEST_F(SlateTest, AnItemHasSixReasonsAtMost) {
  std::string text;
  for (const char name : {'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'}) {
    text += std::string("boosts { name: '") + name +
            "' multiplier: 2 match { item_ids: 't0' } }\n";
  }
  SetPolicy(text);
  const auto places = Fill(1);
  ASSERT_EQ(places[0].reason_count, 6);
  EXPECT_EQ(places[0].reasons[5].rule, "f");
}

TEST_F(SlateTest, AListIsAddedBehindWhatIsThere) {
  SetPolicy("");
  std::vector<RecommendedItem> out(1);
  out[0].row = ItemRow{77};
  std::vector<Candidate> candidates = {{ItemRow{4}, 1}};
  FillSlate(request_, candidates, scratch_, out);
  EXPECT_THAT(Rows(out), ElementsAre(77, 4));
}

// Caps of the whole list and of a window count across pages.
TEST_F(SlateTest, PagesWithoutDiversityAreTheList) {
  SetPolicy(R"(caps { name: 'c' attribute: 'franchise' max: 2 }
               caps { name: 'w' attribute: 'franchise' max: 1 window: 4 }
               pins { name: 'p' item_id: 't40' position: 2 })");
  MakePopular({50, 3, 40, 51}, {60, 50, 61, 62, 63, 64, 65, 66, 67, 68});
  request_.limit = 14;
  const std::vector<uint32_t> whole = Rows(Fill(9));
  EXPECT_EQ(whole.size(), 14);
  for (const size_t limit : {2, 3, 5}) {
    std::vector<ItemRow> shown;
    std::vector<uint32_t> rows;
    while (rows.size() < 14) {
      request_.shown = shown;
      request_.limit = std::min(limit, 14 - rows.size());
      const auto page = Fill(9);
      ASSERT_EQ(page.size(), request_.limit);
      for (const RecommendedItem& item : page) {
        rows.push_back(Index(item.row));
        shown.push_back(item.row);
      }
    }
    EXPECT_EQ(rows, whole) << limit;
  }
}

TEST_F(SlateTest, APinOfALaterPageStandsAtItsPlace) {
  SetPolicy("pins { name: 'p' item_id: 't40' position: 8 }");
  request_.limit = 4;
  const std::vector<ItemRow> shown = {ItemRow{0}, ItemRow{1}, ItemRow{2},
                                      ItemRow{3}, ItemRow{4}, ItemRow{5}};
  request_.shown = shown;
  const auto page = Fill(24);
  EXPECT_THAT(Rows(page), ElementsAre(6, 40, 7, 8));
  EXPECT_EQ(page[1].source, Source::kPinned);
}

TEST_F(SlateTest, WhatWasShownIsNotShownAgain) {
  SetPolicy("pins { name: 'p' item_id: 't2' position: 4 }");
  MakePopular({1, 50, 2}, {});
  request_.limit = 4;
  const std::vector<ItemRow> shown = {ItemRow{2}, ItemRow{1}, ItemRow{60}};
  request_.shown = shown;
  EXPECT_THAT(Rows(Fill(4)), ElementsAre(0, 3, 50));
}

TEST_F(SlateTest, ARequestThatSaysNoMoreGetsTwentyItems) {
  SetPolicy("pins { name: 'p' item_id: 't5' position: 1 }");
  MakePopular({50}, {});
  request_ = {.policy = policy_.get(),
              .catalog = world_.catalog.get(),
              .eligible = everything_,
              .popular = request_.popular};
  EXPECT_EQ(Fill(50).size(), 20);
  EXPECT_FALSE(outcome_.searched);
  const auto places = Fill(3);
  EXPECT_THAT(Rows(places), ElementsAre(5, 0, 1, 2, 50));
  EXPECT_EQ(places[0].source, Source::kPinned);
  EXPECT_EQ(places[4].source, Source::kPopular);
}

TEST_F(SlateTest, CapsForOthersHoldNothing) {
  SetPolicy(R"(caps { name: 'tv' attribute: 'franchise' max: 1
                      strict: true audience { devices: 'tv' } })");
  EXPECT_THAT(Rows(Fill(50)), ElementsAre(0, 1, 2, 3, 4, 5));
}

// The first place, too.
TEST_F(SlateTest, AWindowCountsThePinsThatStandBehindAPlace) {
  SetPolicy(R"(caps { name: 'c' attribute: 'franchise' max: 1 window: 3 }
               pins { name: 'p' item_id: 't5' position: 3 })");
  request_.limit = 4;
  EXPECT_THAT(Rows(Fill(24)), ElementsAre(6, 12, 5, 7));
}

// Checks a list against the caps the obvious way.
void ExpectWithinCaps(const Policy& policy,
                      const std::vector<RecommendedItem>& places) {
  for (const CapRule& cap : policy.caps) {
    const size_t window =
        cap.window == 0 ? places.size() : static_cast<size_t>(cap.window);
    for (size_t begin = 0; begin < places.size(); ++begin) {
      std::map<uint32_t, int> count;
      for (size_t i = begin; i < std::min(begin + window, places.size()); ++i) {
        for (const uint32_t code : cap.attribute->Codes(places[i].row))
          ++count[code];
      }
      for (const auto& [code, n] : count) ASSERT_LE(n, cap.max) << cap.name;
    }
  }
}

TEST_F(SlateTest, RandomListsObeyEveryCapAndHoldEachItemOnce) {
  std::mt19937 random(4);
  std::vector<float> vectors(kItems * 8);
  for (float& v : vectors) v = static_cast<float>(random() % 100) - 50;
  request_.vectors = vectors;
  request_.dimension = 8;
  SetPolicy(R"(
    caps { name: 'a' attribute: 'franchise' max: 2 strict: true }
    caps { name: 'b' attribute: 'genre' max: 3 window: 5 strict: true }
    diversity { name: 'd' strength: 0.3 pool: 20 }
    pins { name: 'p' item_id: 't40' position: 3 }
    pins { name: 'q' item_id: 't49' position: 8 })");
  for (int round = 0; round < 500; ++round) {
    request_.limit = 1 + random() % 30;
    std::vector<Candidate> candidates;
    std::set<uint32_t> rows;
    while (rows.size() < random() % 80) rows.insert(random() % kItems);
    for (const uint32_t row : rows) {
      candidates.push_back({ItemRow{row}, static_cast<float>(random() % 20)});
    }
    const auto places = FillWith(candidates);
    ASSERT_LE(places.size(), request_.limit);
    ExpectWithinCaps(*policy_, places);
    std::set<uint32_t> shown;
    for (const RecommendedItem& place : places)
      ASSERT_TRUE(shown.insert(Index(place.row)).second);
    if (request_.limit >= 3 && places.size() == request_.limit) {
      ASSERT_EQ(Index(places[2].row), 40);
    }
  }
}

}  // namespace
}  // namespace marquee
