#include "core/rerank/diversity.h"

#include <cmath>
#include <vector>

#include "gtest/gtest.h"

namespace marquee {
namespace {

// Of any length; t5 has none, and t6 is the last that has one.
const std::vector<float> kVectors = {3,  0,  0, 2, 2,    2,
                                     -1, -1, 0, 0, 0.3f, 0.4f};
const float kRoot = std::sqrt(0.5f);

std::vector<SlateCandidate> Candidates() {
  return {{ItemRow{0}, 5}, {ItemRow{1}, 4}, {ItemRow{2}, 3}, {ItemRow{3}, 1}};
}

TEST(Diversity, AValueIsRelevanceLessTheNearestSimilarity) {
  const auto candidates = Candidates();
  Diversity diversity;
  diversity.Begin({.strength = 0.25f,
                   .vectors = kVectors,
                   .dimension = 2,
                   .scaled_over = 3},
                  candidates);
  ASSERT_TRUE(diversity.on());
  // From 1 for the best to 0 for the third; none is below that.
  EXPECT_FLOAT_EQ(diversity.Value(0), 0.75f);
  EXPECT_FLOAT_EQ(diversity.Value(1), 0.375f);
  EXPECT_FLOAT_EQ(diversity.Value(2), 0);
  EXPECT_FLOAT_EQ(diversity.Value(3), 0);
  diversity.Place(ItemRow{0});
  for (int again = 0; again < 2; ++again) {
    EXPECT_FLOAT_EQ(diversity.Value(1), 0.375f);
    EXPECT_FLOAT_EQ(diversity.Value(2), -0.25f * kRoot);
    EXPECT_FLOAT_EQ(diversity.Value(3), 0) << "the opposite is as good as none";
  }
  // The nearest counts, whichever came first; a title without a vector is like
  // nothing.
  diversity.Place(ItemRow{7});
  diversity.Place(ItemRow{4});
  EXPECT_FLOAT_EQ(diversity.Value(2), -0.25f * kRoot);
  diversity.Place(ItemRow{5});
  EXPECT_FLOAT_EQ(diversity.Value(2), -0.25f * (0.3f + 0.4f) / 0.5f * kRoot);
  EXPECT_FLOAT_EQ(diversity.Value(1), 0.375f - 0.25f * 0.8f);
}

TEST(Diversity, NothingOfTheListBeforeStays) {
  const auto candidates = Candidates();
  Diversity diversity;
  const Diversity::Options options{
      .strength = 1, .vectors = kVectors, .dimension = 2, .scaled_over = 4};
  diversity.Begin(options, candidates);
  diversity.Place(ItemRow{2});
  diversity.Begin(options, candidates);
  EXPECT_FLOAT_EQ(diversity.Value(2), 0);
  diversity.Place(ItemRow{0});
  EXPECT_FLOAT_EQ(diversity.Value(2), -kRoot);
}

TEST(Diversity, RelevanceIsScaledOverOneAtLeastAndAllAtMost) {
  const auto candidates = Candidates();
  const auto value = [&](size_t over, size_t i) {
    Diversity diversity;
    diversity.Begin({.strength = 0.5f,
                     .vectors = kVectors,
                     .dimension = 2,
                     .scaled_over = over},
                    candidates);
    return diversity.Value(i);
  };
  for (const size_t one : {0, 1}) {
    for (const size_t i : {0, 1, 2, 3}) EXPECT_EQ(value(one, i), 0);
  }
  for (const size_t all : {4, 5, 900}) {
    EXPECT_FLOAT_EQ(value(all, 1), 0.5f * 0.75f);
    EXPECT_FLOAT_EQ(value(all, 3), 0);
  }
}

TEST(Diversity, IsOffWithoutStrengthOrVectors) {
  const auto candidates = Candidates();
  Diversity diversity;
  diversity.Begin({.vectors = kVectors, .dimension = 2}, candidates);
  EXPECT_FALSE(diversity.on());
  diversity.Begin({.strength = 0, .vectors = kVectors, .dimension = 2},
                  candidates);
  EXPECT_FALSE(diversity.on());
  diversity.Begin({.strength = 0.5f}, candidates);
  EXPECT_FALSE(diversity.on());
  diversity.Begin({.strength = 0.5f, .vectors = kVectors, .dimension = 1},
                  candidates);
  EXPECT_TRUE(diversity.on());
}

}  // namespace
}  // namespace marquee
