// How far the search for popular titles goes. The steps that are left tell
// whether it looks at a title twice.
#include "core/rerank/backfill.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/rerank/policy_loader.h"
#include "gtest/gtest.h"
#include "tests/rerank/world.h"

namespace marquee {
namespace {

constexpr size_t kTitles = 60;
constexpr uint32_t kHidden = 59;  // the one title that may not be shown
constexpr uint32_t kNone = ~uint32_t{0};

class BackfillTest : public ::testing::Test {
 protected:
  BackfillTest() : eligible_(BitmapWords(kTitles), 0) {}

  void Begin(const std::string& policy, const std::vector<uint32_t>& eligible) {
    policy_ = *LoadPolicy(policy, "policy", *world_.catalog, *world_.calendar);
    eligible_.assign(BitmapWords(kTitles), 0);
    for (const uint32_t row : eligible) SetBit(eligible_, row);
    caps_.Begin(*policy_, {}, 40);
  }
  // `hidden` titles that may not be shown, then `rows`.
  void Search(double hidden, const std::vector<uint32_t>& rows) {
    everywhere_.assign(
        static_cast<size_t>(hidden * static_cast<double>(Backfill::kMaxSteps)),
        ItemRow{kHidden});
    for (const uint32_t row : rows) everywhere_.push_back(ItemRow{row});
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

  RerankWorld world_{kTitles};
  std::vector<uint64_t> eligible_;
  std::vector<ItemRow> everywhere_;
  std::unique_ptr<const Policy> policy_;
  CapCounter caps_;
  Backfill backfill_;
};

// The last step found one; whether its genre leaves anything is not looked at.
TEST_F(BackfillTest, WithoutAStepLeftNothingIsLookedAt) {
  Begin("caps { name: 'g' attribute: 'genre' max: 1 window: 2 }", {0, 2});
  Search(1 - 1.0 / static_cast<double>(Backfill::kMaxSteps), {0, 2});
  EXPECT_EQ(Fill(0), 0);
  EXPECT_FALSE(backfill_.was_cut_off());
  EXPECT_EQ(Fill(1), kNone);
  EXPECT_TRUE(backfill_.was_cut_off());
}

TEST_F(BackfillTest, LooksAtSoManyTitlesAndNoMore) {
  Begin("", {7});
  Search(1, {});
  everywhere_.back() = ItemRow{7};
  EXPECT_EQ(Find(), 7) << "the last one that it looks at";
  EXPECT_FALSE(backfill_.was_cut_off());
  Search(1, {7});
  EXPECT_EQ(Find(), kNone);
  EXPECT_TRUE(backfill_.was_cut_off());
  EXPECT_EQ(Find(), kNone);
  // The next list has as many again.
  Search(0.9, {7});
  EXPECT_EQ(Find(), 7);
  EXPECT_FALSE(backfill_.was_cut_off());
}

TEST_F(BackfillTest, GoesOnWhereItStopped) {
  Begin("", {7, 8, 9});
  Search(0.6, {7, 8, 9});
  for (const uint32_t row : {7, 8, 9}) EXPECT_EQ(Fill(row - 7), row);
  EXPECT_EQ(Find(), kNone);
  EXPECT_EQ(Find(), kNone);
  EXPECT_FALSE(backfill_.was_cut_off());
}

// The places by turns close one of three franchises: three searches, each of
// which goes on.
TEST_F(BackfillTest, KeepsTheSearchesOfThreeSets) {
  Begin("caps { name: 'c' attribute: 'franchise' max: 1 window: 2 }",
        {0, 1, 2, 6, 7, 8, 12, 13, 14});
  Search(0.22, {0, 6, 12, 1, 7, 13, 2, 8, 14});
  const uint32_t expected[] = {0, 6, 12, 1, 7, 13, 2, 8, 14};
  for (size_t place = 0; place < 9; ++place) {
    EXPECT_EQ(Fill(place), expected[place]) << place;
  }
  EXPECT_FALSE(backfill_.was_cut_off());
}

// With a fourth set one of them is made anew, and still finds the right title.
TEST_F(BackfillTest, MakesASearchAnew) {
  Begin("caps { name: 'c' attribute: 'franchise' max: 1 window: 2 }",
        {0, 1, 2, 6, 7, 8, 12, 13, 14, 18, 19, 20});
  Search(0.001, {0, 1, 6, 12, 18, 2, 7, 13, 19, 8, 14, 20});
  const uint32_t expected[] = {0, 6, 1, 12, 18, 2, 7, 13, 19, 8, 14, 20};
  for (size_t place = 0; place < 12; ++place) {
    EXPECT_EQ(Fill(place), expected[place]) << place;
  }
  EXPECT_FALSE(backfill_.was_cut_off());
}

// Less is allowed where more is closed: it is not looked for again.
TEST_F(BackfillTest, ASearchThatFoundNothingIsNotMadeAgain) {
  Begin("caps { name: 'c' attribute: 'franchise' max: 1 window: 2 }", {0, 7});
  Search(0.6, {0});  // t7 is in no list
  EXPECT_EQ(Fill(0), 0);
  caps_.GoTo(2);
  EXPECT_EQ(Find(), kNone);
  caps_.Place(ItemRow{12}, 2);
  caps_.GoTo(3);
  EXPECT_EQ(Find(), kNone);
  EXPECT_FALSE(backfill_.was_cut_off());
}

// Nor is one that can find nothing: all that may be shown is closed, for good
// or at the place.
TEST_F(BackfillTest, NothingIsLookedForWhereNothingIsOpen) {
  Begin("caps { name: 'c' attribute: 'franchise' max: 1 }", {0, 1, 2});
  everywhere_.assign(2 * Backfill::kMaxSteps, ItemRow{kHidden});
  everywhere_.front() = ItemRow{0};
  backfill_.Begin({.everywhere = everywhere_}, eligible_);
  EXPECT_EQ(Fill(0), 0);
  EXPECT_EQ(Fill(1), kNone);
  EXPECT_FALSE(backfill_.was_cut_off());
  Begin("caps { name: 'c' attribute: 'franchise' max: 1 window: 2 }",
        {0, 1, 2});
  backfill_.Begin({.everywhere = everywhere_}, eligible_);
  EXPECT_EQ(Fill(0), 0);
  EXPECT_EQ(Fill(1), kNone);
  EXPECT_FALSE(backfill_.was_cut_off());
}

TEST_F(BackfillTest, TheOnlyTitleThatIsOpenIsFound) {
  Begin("caps { name: 'c' attribute: 'franchise' max: 1 window: 2 }",
        {0, 1, 2, 7});
  Search(0, {0, 1, 2, 7});
  EXPECT_EQ(Fill(0), 0);
  EXPECT_EQ(Fill(1), 7);
}

// Each mode has searches of its own.
TEST_F(BackfillTest, CapsThatMayGiveWayCloseNothingOnceTheyDo) {
  Begin("caps { name: 'c' attribute: 'franchise' max: 1 }", {0, 1});
  Search(0, {0, 1});
  EXPECT_EQ(Fill(0), 0);
  EXPECT_EQ(Fill(1), kNone);
  EXPECT_EQ(Find(CapMode::kUnyielding), 1);
}

// What a search costs: two steps a title with one common value that is closed.
TEST_F(BackfillTest, ATitleThatIsClosedCostsAStepForEachCommonValue) {
  for (const double share : {0.45, 0.55}) {
    Begin("caps { name: 'c' attribute: 'franchise' max: 1 window: 2 }",
          {0, 1, 6});
    const auto closed =
        static_cast<size_t>(share * static_cast<double>(Backfill::kMaxSteps));
    everywhere_.assign(closed, ItemRow{1});
    everywhere_.front() = ItemRow{0};
    everywhere_.push_back(ItemRow{6});
    backfill_.Begin({.everywhere = everywhere_}, eligible_);
    EXPECT_EQ(Fill(0), 0);
    EXPECT_EQ(Fill(1), share < 0.5 ? 6 : kNone);
    EXPECT_EQ(backfill_.was_cut_off(), share > 0.5);
  }
}

// Franchises of six titles of five thousand have no bitmap.
class RareValuesTest : public ::testing::Test {
 protected:
  static constexpr size_t kTitlesOfAll = 5000;

  // Under a cap of one of a franchise in `window`, with 12 titles from `first`
  // on that may be shown.
  void Begin(int window, uint32_t first, std::vector<ItemRow> everywhere) {
    policy_ =
        *LoadPolicy("caps { name: 'c' attribute: 'franchise' max: 1 window: " +
                        std::to_string(window) + " }",
                    "policy", *world_.catalog, *world_.calendar);
    ASSERT_TRUE(policy_->caps[0].titles->Common(0).empty());
    eligible_.assign(BitmapWords(kTitlesOfAll), 0);
    for (uint32_t row = first; row < first + 12; ++row) SetBit(eligible_, row);
    everywhere_ = std::move(everywhere);
    backfill_.Begin({.everywhere = everywhere_}, eligible_);
    caps_.Begin(*policy_, {}, 4);
  }
  uint32_t Fill(size_t place) {
    caps_.GoTo(place);
    const auto found = backfill_.Find(caps_, CapMode::kAll);
    if (!found) return kNone;
    backfill_.Take(*found);
    caps_.Place(*found, place);
    return Index(*found);
  }

  RerankWorld world_{kTitlesOfAll};
  std::unique_ptr<const Policy> policy_;
  std::vector<uint64_t> eligible_;
  std::vector<ItemRow> everywhere_;
  CapCounter caps_;
  Backfill backfill_;
};

TEST_F(RareValuesTest, NothingIsLookedForWhereTheyCloseTheRest) {
  // In the first words of the set, and far behind them.
  for (const uint32_t first : {0, 4200}) {
    std::vector<ItemRow> everywhere = {ItemRow{first}, ItemRow{first + 1},
                                       ItemRow{first + 6}};
    everywhere.resize(2 * Backfill::kMaxSteps, ItemRow{4999});  // not shown
    Begin(3, first, std::move(everywhere));
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
  std::vector<ItemRow> everywhere = {ItemRow{0}, ItemRow{6}};
  everywhere.resize(2 * Backfill::kMaxSteps, ItemRow{4999});  // not shown
  Begin(3, 0, std::move(everywhere));
  EXPECT_EQ(Fill(0), 0);
  EXPECT_EQ(Fill(1), 6);
  caps_.GoTo(2);
  for (size_t i = 0; i < Backfill::kMaxSteps / 10 / Backfill::kAskSteps; ++i) {
    ASSERT_FALSE(backfill_.Find(caps_, CapMode::kAll));
    ASSERT_FALSE(backfill_.Find(caps_, CapMode::kAll));
  }
  EXPECT_FALSE(backfill_.was_cut_off());
}

// One step for the title and eight for the question.
TEST_F(RareValuesTest, ATitleThatCapsAreAskedAboutCostsNineSteps) {
  for (const size_t cost : {8, 10}) {
    std::vector<ItemRow> everywhere(Backfill::kMaxSteps / cost, ItemRow{1});
    everywhere.front() = ItemRow{0};
    everywhere.push_back(ItemRow{6});
    Begin(2, 0, std::move(everywhere));
    EXPECT_EQ(Fill(0), 0);
    EXPECT_EQ(Fill(1), cost == 10 ? 6 : kNone);
    EXPECT_EQ(backfill_.was_cut_off(), cost == 8);
  }
}

}  // namespace
}  // namespace marquee
