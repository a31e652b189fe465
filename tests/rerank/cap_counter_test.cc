#include "core/rerank/cap_counter.h"

#include <memory>
#include <string>
#include <vector>

#include "core/rerank/policy_loader.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/rerank/world.h"

namespace marquee {
namespace {

// Of the world: t0 to t5 are of the franchise f0, t6 to t11 of f1, and so on.
class CapCounterTest : public ::testing::Test {
 protected:
  const Policy& Load(const std::string& text) {
    auto policy = LoadPolicy(text, "policy", *world_.catalog, *world_.calendar);
    EXPECT_TRUE(policy.ok()) << policy.status();
    policies_.push_back(*std::move(policy));
    return *policies_.back();
  }
  bool Fits(uint32_t row) { return caps_.Fits(ItemRow{row}, CapMode::kAll); }

  RerankWorld world_{60};
  std::vector<std::unique_ptr<const Policy>> policies_;
  CapCounter caps_;
};

TEST_F(CapCounterTest, AWindowOfThePlacesHoldsTheWholeList) {
  const Policy& policy =
      Load("caps { name: 'c' attribute: 'franchise' max: 1 window: 3 }");
  for (const size_t places : {2, 3}) {
    caps_.Begin(policy, {}, places);
    caps_.Place(ItemRow{0}, 0);
    caps_.GoTo(1);
    EXPECT_FALSE(Fits(1));
    EXPECT_EQ(caps_.closed().size(), 1);
  }
  caps_.Begin(policy, {}, 4);
  caps_.Place(ItemRow{0}, 0);
  caps_.GoTo(1);
  EXPECT_FALSE(Fits(1));
  EXPECT_TRUE(caps_.Fits(ItemRow{1}, CapMode::kStrict));
  EXPECT_EQ(caps_.closed().size(), 0);
  EXPECT_EQ(caps_.closed_here().size(), 1);
}

TEST_F(CapCounterTest, WhetherACapMayBeRelaxedIsThatOfTheList) {
  const Policy& relaxable =
      Load("caps { name: 'c' attribute: 'franchise' max: 1 }");
  const Policy& strict = Load(
      "caps { name: 'c' attribute: 'franchise' max: 1 strict: true }\n"
      "caps { name: 'tv' attribute: 'genre' max: 1 audience { devices: 'tv' } "
      "}");
  caps_.Begin(relaxable, {}, 4);
  EXPECT_TRUE(caps_.can_relax());
  caps_.Begin(strict, {}, 4);
  EXPECT_FALSE(caps_.can_relax());
  caps_.Begin(strict, {.device = "tv"}, 4);
  EXPECT_TRUE(caps_.can_relax());
  caps_.Begin(Load(""), {}, 4);
  EXPECT_FALSE(caps_.can_relax());
}

// A stretch is looked at wherever it begins: two stand behind the place, one
// before it has left by then.
TEST_F(CapCounterTest, EveryStretchThatHoldsThePlaceCounts) {
  const Policy& policy =
      Load("caps { name: 'c' attribute: 'franchise' max: 2 window: 3 }");
  caps_.Begin(policy, {}, 9);
  caps_.Place(ItemRow{0}, 0);
  caps_.Place(ItemRow{1}, 3);
  EXPECT_EQ(caps_.Violated(ItemRow{2}, 2, CapMode::kAll), nullptr);
  caps_.Place(ItemRow{3}, 4);
  EXPECT_EQ(caps_.Violated(ItemRow{2}, 2, CapMode::kAll), &policy.caps[0]);
  EXPECT_EQ(caps_.Violated(ItemRow{2}, 1, CapMode::kAll), nullptr);
  EXPECT_EQ(caps_.Violated(ItemRow{2}, 5, CapMode::kAll), &policy.caps[0]);
  EXPECT_EQ(caps_.Violated(ItemRow{2}, 6, CapMode::kAll), nullptr);
}

// The first places have shorter stretches before them, and no others.
TEST_F(CapCounterTest, AStretchThatEndsBeforeThePlaceDoesNotCount) {
  const Policy& policy =
      Load("caps { name: 'c' attribute: 'franchise' max: 1 window: 3 }");
  caps_.Begin(policy, {}, 9);
  caps_.Place(ItemRow{0}, 0);
  for (const size_t place : {1, 2}) {
    EXPECT_NE(caps_.Violated(ItemRow{1}, place, CapMode::kAll), nullptr);
  }
  for (const size_t place : {3, 4}) {
    EXPECT_EQ(caps_.Violated(ItemRow{1}, place, CapMode::kAll), nullptr);
  }
}

// What a pin behind the place closed there, and what stood in the list.
TEST_F(CapCounterTest, NothingOfTheListBeforeStays) {
  const Policy& policy = Load(
      "caps { name: 'a' attribute: 'franchise' max: 1 window: 3 }\n"
      "caps { name: 'b' attribute: 'genre' max: 1 }");
  caps_.Begin(policy, {}, 9);
  caps_.Place(ItemRow{0}, 2);
  caps_.GoTo(1);
  EXPECT_FALSE(Fits(2));
  EXPECT_FALSE(caps_.closed().empty());
  EXPECT_FALSE(caps_.closed_here().empty());
  caps_.Begin(policy, {}, 9);
  EXPECT_TRUE(caps_.closed().empty());
  EXPECT_TRUE(caps_.closed_here().empty());
  caps_.GoTo(0);
  EXPECT_TRUE(Fits(2));
  EXPECT_TRUE(caps_.closed_here().empty());
}

}  // namespace
}  // namespace marquee
