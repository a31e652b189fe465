// How far the search for popular items goes. The steps that are left tell
// whether it looks at an item twice.
#include "core/rerank/backfill.h"

#include <array>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "core/rerank/policy_loader.h"
#include "gtest/gtest.h"
#include "tests/rerank/world.h"

namespace marquee {
namespace {

constexpr size_t kItems = 60;
constexpr uint32_t kHidden = 59;  // the one item that may not be shown
constexpr uint32_t kNone = ~uint32_t{0};

// Searches among `items` items, under the caps of a policy.
class SearchTest : public ::testing::Test {
 protected:
  explicit SearchTest(size_t items, size_t franchise = 6)
      : items_(items), world_(items, {}, franchise) {}

  // Begins a list in which the rows may be shown.
  void Begin(const std::string& policy, const std::vector<uint32_t>& eligible,
             std::vector<ItemRow> everywhere) {
    policy_ = *LoadPolicy(policy, "policy", *world_.catalog, *world_.calendar);
    eligible_.assign(BitmapWords(items_), 0);
    for (const uint32_t row : eligible) SetBit(eligible_, row);
    caps_.Begin(*policy_, {}, kPlaces);
    BeginAmong(std::move(everywhere));
  }
  // Begins another list under the same caps.
  void BeginAmong(std::vector<ItemRow> everywhere) {
    everywhere_ = std::move(everywhere);
    backfill_.Begin({.everywhere = everywhere_}, eligible_);
  }
  uint32_t Find(CapMode mode = CapMode::kAll) {
    const auto found = backfill_.Find(caps_, mode);
    return found ? Index(*found) : kNone;
  }
  // Finds one for the place and lets it stand there.
  uint32_t Fill(size_t place) {
    caps_.GoTo(place);
    const uint32_t row = Find();
    if (row == kNone) return row;
    backfill_.Take(ItemRow{row});
    caps_.Place(ItemRow{row}, place);
    return row;
  }
  // Finds one for the place behind the three, and leaves it.
  uint32_t FindBehind(const std::array<uint32_t, 3>& rows) {
    caps_.Begin(*policy_, {}, kPlaces);
    for (size_t place = 0; place < 3; ++place) {
      caps_.Place(ItemRow{rows[place]}, place);
    }
    caps_.GoTo(3);
    return Find();
  }

  static constexpr size_t kPlaces = 200;
  const size_t items_;
  RerankWorld world_;
  std::vector<uint64_t> eligible_;
  std::vector<ItemRow> everywhere_;
  std::unique_ptr<const Policy> policy_;
  CapCounter caps_;
  Backfill backfill_;
};

// At most one of a franchise; in so many places that follow each other.
std::string OneOfAFranchise(int window = 0) {
  return "caps { name: 'f' attribute: 'franchise' max: 1" +
         (window == 0 ? "" : " window: " + std::to_string(window)) + " }";
}

// The rows, one behind the other.
std::vector<ItemRow> List(const std::vector<uint32_t>& rows) {
  std::vector<ItemRow> list;
  for (const uint32_t row : rows) list.push_back(ItemRow{row});
  return list;
}

class BackfillTest : public SearchTest {
 protected:
  BackfillTest() : SearchTest(kItems) {}

  // So many items that may not be shown, a share of the steps, then `rows`.
  static std::vector<ItemRow> Behind(double hidden,
                                     const std::vector<uint32_t>& rows) {
    std::vector<ItemRow> list(
        static_cast<size_t>(hidden * static_cast<double>(Backfill::kMaxSteps)),
        ItemRow{kHidden});
    for (const uint32_t row : rows) list.push_back(ItemRow{row});
    return list;
  }
  // An item of each of four franchises, each again and again before the next.
  void ListOfFour() {
    std::vector<ItemRow> list;
    for (const uint32_t row : {1, 7, 13, 19}) {
      list.insert(list.end(), Backfill::kMaxSteps / 32, ItemRow{row});
    }
    Begin(OneOfAFranchise(4), {1, 7, 13, 19}, std::move(list));
  }
};

// The last step found one; whether its genre leaves anything is not looked at.
TEST_F(BackfillTest, WithoutAStepLeftNothingIsLookedAt) {
  Begin("caps { name: 'g' attribute: 'genre' max: 1 window: 2 }", {0, 2},
        Behind(1 - 1.0 / static_cast<double>(Backfill::kMaxSteps), {0, 2}));
  EXPECT_EQ(Fill(0), 0);
  EXPECT_FALSE(backfill_.was_cut_off());
  EXPECT_EQ(Fill(1), kNone);
  EXPECT_TRUE(backfill_.was_cut_off());
}

TEST_F(BackfillTest, LooksAtSoManyItemsAndNoMore) {
  std::vector<ItemRow> list = Behind(1, {});
  list.back() = ItemRow{7};
  Begin("", {7}, list);
  EXPECT_EQ(Find(), 7) << "the last one that it looks at";
  EXPECT_FALSE(backfill_.was_cut_off());
  for (const CapMode mode : {CapMode::kAll, CapMode::kStrict}) {
    BeginAmong(Behind(1, {7}));
    EXPECT_EQ(Find(mode), kNone);
    EXPECT_TRUE(backfill_.was_cut_off());
    EXPECT_EQ(Find(mode), kNone);
  }
  // The next list has as many again.
  BeginAmong(Behind(0.9, {7}));
  EXPECT_EQ(Find(), 7);
  EXPECT_FALSE(backfill_.was_cut_off());
}

TEST_F(BackfillTest, GoesOnWhereItStopped) {
  Begin("", {7, 8, 9}, Behind(0.6, {7, 8, 9}));
  for (const uint32_t row : {7, 8, 9}) EXPECT_EQ(Fill(row - 7), row);
  EXPECT_EQ(Find(), kNone);
  EXPECT_EQ(Find(), kNone);
  EXPECT_FALSE(backfill_.was_cut_off());
}

// Each round looks for an item for four sets of three franchises. A search that
// began again in every round would end.
TEST_F(BackfillTest, KeepsTheSearchesOfFourSets) {
  ListOfFour();
  for (int round = 0; round < 5; ++round) {
    EXPECT_EQ(FindBehind({0, 6, 12}), 19);
    EXPECT_EQ(FindBehind({0, 6, 18}), 13);
    EXPECT_EQ(FindBehind({0, 12, 18}), 7);
    EXPECT_EQ(FindBehind({6, 12, 18}), 1);
  }
  EXPECT_FALSE(backfill_.was_cut_off());
}

// However often another set is looked for since.
TEST_F(BackfillTest, ASetThatIsLookedForOftenDrivesNoOtherOut) {
  ListOfFour();
  for (int round = 0; round < 4; ++round) {
    EXPECT_EQ(FindBehind({0, 6, 12}), 19);
    for (int i = 0; i < 8; ++i) EXPECT_EQ(FindBehind({6, 12, 18}), 1);
  }
  EXPECT_FALSE(backfill_.was_cut_off());
}

// With a fifth set one of them is made anew, and still finds the right item.
TEST_F(BackfillTest, MakesASearchAnew) {
  Begin(OneOfAFranchise(2), {0, 1, 2, 6, 7, 8, 12, 13, 14, 18, 19, 20},
        Behind(0.001, {0, 1, 6, 12, 18, 2, 7, 13, 19, 8, 14, 20}));
  const uint32_t expected[] = {0, 6, 1, 12, 18, 2, 7, 13, 19, 8, 14, 20};
  for (size_t place = 0; place < 12; ++place) {
    EXPECT_EQ(Fill(place), expected[place]) << place;
  }
  EXPECT_FALSE(backfill_.was_cut_off());
}

// Less is allowed where more is closed: it is not looked for again.
TEST_F(BackfillTest, ASearchThatFoundNothingIsNotMadeAgain) {
  Begin(OneOfAFranchise(2), {0, 7}, Behind(0.6, {0}));  // t7 is in no list
  EXPECT_EQ(Fill(0), 0);
  caps_.GoTo(2);
  EXPECT_EQ(Find(), kNone);
  caps_.Place(ItemRow{12}, 2);
  caps_.GoTo(3);
  EXPECT_EQ(Find(), kNone);
  EXPECT_FALSE(backfill_.was_cut_off());
}

// Nor is one that can find nothing: all that may be shown is closed, for good
// or at the place. The second list closes its own.
TEST_F(BackfillTest, NothingIsLookedForWhereNothingIsOpen) {
  for (const int window : {0, 0, 3}) {
    std::vector<ItemRow> list(2 * Backfill::kMaxSteps, ItemRow{kHidden});
    list[0] = ItemRow{0};
    list[1] = ItemRow{6};
    Begin(OneOfAFranchise(window), {0, 1, 6, 7}, std::move(list));
    EXPECT_EQ(Fill(0), 0);
    EXPECT_EQ(Fill(1), 6);
    EXPECT_EQ(Fill(2), kNone);
    EXPECT_FALSE(backfill_.was_cut_off());
  }
}

// What is closed for good is not read: nine steps each would be too many.
// The second list closes its own.
TEST_F(BackfillTest, WhatIsClosedForGoodCostsAStep) {
  std::vector<ItemRow> list = List({0, 6});
  for (size_t i = 0; i < Backfill::kMaxSteps / 4; ++i) {
    list.push_back(ItemRow{1});
    list.push_back(ItemRow{7});
  }
  list.push_back(ItemRow{12});
  for (int round = 0; round < 2; ++round) {
    Begin(OneOfAFranchise(), {0, 1, 6, 7, 12}, list);
    EXPECT_EQ(Fill(0), 0);
    EXPECT_EQ(Fill(1), 6);
    EXPECT_EQ(Fill(2), 12);
    EXPECT_FALSE(backfill_.was_cut_off());
  }
}

TEST_F(BackfillTest, TheOnlyItemThatIsOpenIsFound) {
  Begin(OneOfAFranchise(2), {0, 1, 2, 7}, List({0, 1, 2, 7}));
  EXPECT_EQ(Fill(0), 0);
  EXPECT_EQ(Fill(1), 7);
}

// Each mode has searches of its own.
TEST_F(BackfillTest, CapsCloseNothingOnceTheyAreRelaxed) {
  Begin(OneOfAFranchise(), {0, 1}, List({0, 1}));
  EXPECT_EQ(Fill(0), 0);
  EXPECT_EQ(Fill(1), kNone);
  EXPECT_EQ(Find(CapMode::kStrict), 1);
}

// What a search costs: two steps an item with one common value that is closed.
TEST_F(BackfillTest, AnItemThatIsClosedCostsAStepForEachCommonValue) {
  for (const double share : {0.45, 0.55}) {
    std::vector<ItemRow> list(
        static_cast<size_t>(share * static_cast<double>(Backfill::kMaxSteps)),
        ItemRow{1});
    list.front() = ItemRow{0};
    list.push_back(ItemRow{6});
    Begin(OneOfAFranchise(2), {0, 1, 6}, std::move(list));
    EXPECT_EQ(Fill(0), 0);
    EXPECT_EQ(Fill(1), share < 0.5 ? 6 : kNone);
    EXPECT_EQ(backfill_.was_cut_off(), share > 0.5);
  }
}

// Franchises of six items of five thousand have no bitmap.
class RareValuesTest : public SearchTest {
 protected:
  static constexpr size_t kItemsOfAll = 5000;
  RareValuesTest() : SearchTest(kItemsOfAll) {}

  // 12 items from `first` on may be shown; the list is `rows` and many items
  // that may not.
  void BeginFrom(uint32_t first, int window,
                 const std::vector<uint32_t>& rows) {
    std::vector<ItemRow> list = List(rows);
    list.resize(2 * Backfill::kMaxSteps, ItemRow{4999});
    Begin(OneOfAFranchise(window), Twelve(first), std::move(list));
    ASSERT_TRUE(policy_->caps[0].items->Common(0).empty());
  }
  static std::vector<uint32_t> Twelve(uint32_t first) {
    std::vector<uint32_t> rows(12);
    std::iota(rows.begin(), rows.end(), first);
    return rows;
  }
};

TEST_F(RareValuesTest, NothingIsLookedForWhereTheyCloseTheRest) {
  // In the first words of the set, and far behind them.
  for (const uint32_t first : {0, 4200}) {
    BeginFrom(first, 3, {first, first + 1, first + 6});
    EXPECT_EQ(Fill(0), first);
    EXPECT_EQ(Fill(1), first + 6);
    EXPECT_EQ(Fill(2), kNone);
    EXPECT_EQ(Fill(3), first + 1);
    EXPECT_FALSE(backfill_.was_cut_off());
  }
}

// That nothing is left is found once, with ten questions, and remembered for as
// long as at least the same values are closed.
TEST_F(RareValuesTest, ThatTheyCloseTheRestIsRemembered) {
  BeginFrom(0, 3, {0, 6});
  EXPECT_EQ(Fill(0), 0);
  EXPECT_EQ(Fill(1), 6);
  caps_.GoTo(2);
  for (size_t i = 0; i < Backfill::kMaxSteps / 10 / Backfill::kAskSteps; ++i) {
    ASSERT_EQ(Find(), kNone);
    ASSERT_EQ(Find(), kNone);
  }
  EXPECT_FALSE(backfill_.was_cut_off());
}

// One step for the item and eight for the question.
TEST_F(RareValuesTest, AnItemThatCapsAreAskedAboutCostsNineSteps) {
  for (const size_t cost : {8, 10}) {
    std::vector<ItemRow> list(Backfill::kMaxSteps / cost, ItemRow{1});
    list.front() = ItemRow{0};
    list.push_back(ItemRow{6});
    Begin(OneOfAFranchise(2), Twelve(0), std::move(list));
    EXPECT_EQ(Fill(0), 0);
    EXPECT_EQ(Fill(1), cost == 10 ? 6 : kNone);
    EXPECT_EQ(backfill_.was_cut_off(), cost == 8);
  }
}

// What a look at the whole set costs, and what it remembers. Franchises of
// 1,500 items have no bitmap.
class LooksTest : public SearchTest {
 protected:
  static constexpr uint32_t kItemsOfAll = 100'000;
  static constexpr uint32_t kFranchise = 1500;
  static constexpr size_t kManyLooks = 1500;
  LooksTest() : SearchTest(kItemsOfAll, kFranchise) {}

  // `first`, and then one item again and again, longer than any walk.
  static std::vector<ItemRow> Endless(uint32_t first, uint32_t row) {
    std::vector<ItemRow> list(Backfill::kMaxSteps, ItemRow{row});
    list.front() = ItemRow{first};
    return list;
  }
  // How often nothing is found behind the two and one of ever another
  // franchise, until the steps are gone.
  size_t LooksBehind(uint32_t first, uint32_t second) {
    for (uint32_t looks = 0; looks < kManyLooks; ++looks) {
      EXPECT_EQ(FindBehind({first, second, Another(looks)}), kNone);
      if (backfill_.was_cut_off()) return looks;
    }
    return kManyLooks;
  }
  // An item that is no War, of one of six franchises behind the tenth.
  static uint32_t Another(uint32_t i) { return 15'003 + i % 6 * kFranchise; }
  // Every `step`th item from `first` on.
  static std::vector<uint32_t> Every(uint32_t step, uint32_t first) {
    std::vector<uint32_t> rows;
    for (uint32_t row = first; row < kItemsOfAll; row += step) {
      rows.push_back(row);
    }
    return rows;
  }
  // 660 items each from two rows on.
  static std::vector<uint32_t> OfTwoFranchises(uint32_t first,
                                               uint32_t second) {
    std::vector<uint32_t> rows(2 * 660);
    std::iota(rows.begin(), rows.begin() + 660, first);
    std::iota(rows.begin() + 660, rows.end(), second);
    return rows;
  }

  const std::string one_of_a_genre_ =
      "caps { name: 'g' attribute: 'genre' max: 1 window: 4 }";
  const std::string one_of_each_ = one_of_a_genre_ + OneOfAFranchise(4);
};

// 24 blocks of 64 words and one of 27, of the set, of Comedy and of Drama,
// eight words a step.
TEST_F(LooksTest, EightWordsAreAStep) {
  Begin(one_of_each_, Every(1, 0), Endless(2, 2));
  EXPECT_EQ(LooksBehind(2, 3), Backfill::kMaxSteps / (24 * 24 + 10));
}

// The items lie in the last words. The look that has steps for a part of them
// alone does not say that nothing is left.
TEST_F(LooksTest, AnItemThatCapsAreAskedAboutIsEightSteps) {
  const uint32_t first = 98'304;
  const uint32_t second = 99'000;
  const std::vector<uint32_t> closed = OfTwoFranchises(first, second);
  Begin(OneOfAFranchise(4), closed, Endless(first, first));
  const size_t words = 24 * 8 + 3;
  EXPECT_EQ(
      LooksBehind(first, second),
      Backfill::kMaxSteps / (closed.size() * Backfill::kAskSteps + words));
}

// All items that are left are Dramas: nothing fits whatever else is closed.
TEST_F(LooksTest, AValueThatAllHaveIsRememberedAlone) {
  Begin(one_of_each_, Every(2, 1), Endless(16'505, 3));
  EXPECT_EQ(LooksBehind(2, 3), kManyLooks);
  EXPECT_EQ(FindBehind({2, 8, 16}), 16'505) << "only Comedy is closed";
}

TEST_F(LooksTest, AValueThatSomeHaveIsNotRememberedAlone) {
  const std::vector<std::vector<uint32_t>> cases = {
      {2, 3, 66, 67}, {2, 67}, {3, 66}, {66, 67}};
  for (const std::vector<uint32_t>& eligible : cases) {
    for (const uint32_t last : {2, 3}) {  // a Comedy, a Drama
      std::vector<ItemRow> list = List(eligible);
      list.resize(1000, ItemRow{4999});  // not shown
      Begin(one_of_a_genre_, eligible, std::move(list));
      EXPECT_EQ(FindBehind({2, 3, 2}), kNone);
      EXPECT_EQ(FindBehind({3, 2, 3}), kNone);
      const uint32_t found = FindBehind({last, last, last});
      ASSERT_NE(found, kNone);
      EXPECT_NE(found % 2, last % 2);
    }
  }
}

// A walk goes past 40 closed items before the one that fits; a look would ask
// about 1,320.
TEST_F(LooksTest, TakeNothingFromTheWalks) {
  const uint32_t fits = 2 * kFranchise;
  std::vector<uint32_t> eligible = OfTwoFranchises(0, kFranchise);
  eligible.push_back(fits);
  std::vector<ItemRow> list(40, ItemRow{1});
  list.push_back(ItemRow{fits});
  Begin(OneOfAFranchise(4), eligible, list);
  for (uint32_t i = 0; i < 1000; ++i) {
    ASSERT_EQ(FindBehind({0, kFranchise, Another(i)}), fits) << i;
  }
  EXPECT_FALSE(backfill_.was_cut_off());
}

// Rows lie beside those that are like them: the franchise of the first 1,500,
// every fourth item of the list, is closed at most places.
TEST_F(LooksTest, ALongListIsFilledWithinItsCap) {
  std::vector<ItemRow> mixed;
  for (uint32_t i = 0; i < kItemsOfAll; ++i) {
    mixed.push_back(
        ItemRow{i % 4 == 0 ? i / 4 % kFranchise : i * 7919 % kItemsOfAll});
  }
  Begin("caps { name: 'f' attribute: 'franchise' max: 2 window: 40 }",
        Every(1, 0), std::move(mixed));
  for (size_t place = 0; place < kPlaces; ++place) {
    ASSERT_NE(Fill(place), kNone) << place;
  }
  EXPECT_FALSE(backfill_.was_cut_off());
}

}  // namespace
}  // namespace marquee
