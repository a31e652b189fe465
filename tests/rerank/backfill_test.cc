// How far the search for popular titles goes. The steps that are left tell
// whether it looks at a title twice.
#include "core/rerank/backfill.h"

#include <memory>
#include <string>
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

// Franchises of six titles of six hundred have no bitmap.
TEST(Backfill, NothingIsLookedForWhereRareValuesCloseTheRest) {
  const RerankWorld world(600);
  const auto policy =
      *LoadPolicy("caps { name: 'c' attribute: 'franchise' max: 1 window: 3 }",
                  "policy", *world.catalog, *world.calendar);
  ASSERT_TRUE(policy->caps[0].titles->Common(0).empty());
  std::vector<uint64_t> eligible(BitmapWords(600), 0);
  for (uint32_t row = 0; row < 12; ++row) SetBit(eligible, row);
  // After two titles of f0 and one of f1, all others may not be shown.
  std::vector<ItemRow> everywhere = {ItemRow{0}, ItemRow{1}, ItemRow{6}};
  everywhere.resize(2 * Backfill::kMaxSteps, ItemRow{599});
  Backfill backfill;
  backfill.Begin({.everywhere = everywhere}, eligible);
  CapCounter caps;
  caps.Begin(*policy, {}, 4);
  const uint32_t want[] = {0, 6, kNone, 1};
  for (size_t place = 0; place < 4; ++place) {
    caps.GoTo(place);
    const auto found = backfill.Find(caps, CapMode::kAll);
    EXPECT_EQ(found ? Index(*found) : kNone, want[place]) << place;
    if (!found) continue;
    backfill.Take(*found);
    caps.Place(*found, place);
  }
  EXPECT_FALSE(backfill.was_cut_off());
}

}  // namespace
}  // namespace marquee
