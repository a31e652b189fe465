#include "core/rerank/diversity.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace marquee {
namespace {

// Of any length; t5 has none, and t6 is the last that has one.
const std::vector<float> kVectors = {3,  0,  0, 2, 2,    2,
                                     -1, -1, 0, 0, 0.3f, 0.4f};
const float kRoot = std::sqrt(0.5f);

std::vector<Candidate> Candidates() {
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
  // The nearest counts, whichever came first; an item without a vector is like
  // nothing.
  diversity.Place(ItemRow{7});
  diversity.Place(ItemRow{4});
  EXPECT_FLOAT_EQ(diversity.Value(2), -0.25f * kRoot);
  diversity.Place(ItemRow{5});
  EXPECT_FLOAT_EQ(diversity.Value(2), -0.25f * (0.3f + 0.4f) / 0.5f * kRoot);
  EXPECT_FLOAT_EQ(diversity.Value(1), 0.375f - 0.25f * 0.8f);
}

// Outliers are worth as much as the best or the least of the others, whatever
// their scores; among themselves, what those say.
TEST(Diversity, RelevanceIsScaledOverThoseThatAreNoOutliers) {
  const auto values = [](const std::vector<Candidate>& candidates) {
    Diversity diversity;
    diversity.Begin({.strength = 0.2f,
                     .vectors = kVectors,
                     .dimension = 2,
                     .scaled_over = candidates.size()},
                    candidates);
    std::vector<float> values;
    for (size_t i = 0; i < candidates.size(); ++i) {
      values.push_back(diversity.Value(i) / 0.8f);
    }
    return values;
  };
  EXPECT_EQ(values({{ItemRow{0}, 90, Source::kPersonal, true},
                    {ItemRow{1}, 4},
                    {ItemRow{2}, 3},
                    {ItemRow{3}, 2},
                    {ItemRow{4}, -80, Source::kPersonal, true},
                    {ItemRow{5}, -90, Source::kPersonal, true}}),
            (std::vector<float>{1, 1, 0.5f, 0, 0, 0}));
  EXPECT_EQ(values({{ItemRow{0}, 90, Source::kPersonal, true},
                    {ItemRow{1}, 0, Source::kPersonal, true},
                    {ItemRow{2}, -90, Source::kPersonal, true}}),
            (std::vector<float>{1, 0.5f, 0}));
  // Of equals none is better.
  EXPECT_EQ(values({{ItemRow{0}, 1}, {ItemRow{1}, 1}}),
            (std::vector<float>{0, 0}));
  EXPECT_EQ(values({{ItemRow{0}, 9, Source::kPersonal, true},
                    {ItemRow{1}, 1},
                    {ItemRow{2}, 1}}),
            (std::vector<float>{0, 0, 0}));
}

TEST(Diversity, TheChosenIsTheBestOfTheFirstThatAreOpen) {
  const auto candidates = Candidates();
  Diversity diversity;
  diversity.Begin(
      {.strength = 0.5f, .vectors = kVectors, .dimension = 2, .scaled_over = 4},
      candidates);
  const auto choose = [&](uint64_t open, size_t pool) {
    return diversity.Choose({&open, 1}, pool);
  };
  EXPECT_EQ(choose(0b0000, 4), std::nullopt);
  EXPECT_EQ(choose(0b1110, 4), 1);
  EXPECT_EQ(choose(0b1000, 1), 3);
  diversity.Place(ItemRow{0});
  // 0.5 · 0.5 - 0.5 · 0.71 and 0 beside 0.5 · 1 - 0.5 · 1.
  EXPECT_EQ(choose(0b1101, 4), 0) << "of equal ones the first";
  EXPECT_EQ(choose(0b1100, 2), 3);
  EXPECT_EQ(choose(0b1100, 1), 2);
  EXPECT_EQ(choose(0b1110, 4), 1);
}

// Equal scores, vectors and relevances are many.
class RandomList {
 public:
  static constexpr uint32_t kItems = 150;

  explicit RandomList(std::mt19937& random) : vectors_(kItems * 3) {
    for (float& value : vectors_) value = static_cast<float>(random() % 9) - 3;
    for (uint32_t i = 0; i < kItems; ++i) {
      candidates_.push_back(
          {ItemRow{i}, -static_cast<float>(i / (1 + random() % 2)) / 40});
    }
    std::sort(candidates_.begin(), candidates_.end(),
              [](const auto& a, const auto& b) { return a.score > b.score; });
    const Diversity::Options options{
        .strength = static_cast<float>(1 + random() % 10) / 10,
        .vectors = vectors_,
        .dimension = 3,
        .scaled_over = 1 + random() % 200};
    diversity_.Begin(options, candidates_);
    twin_.Begin(options, candidates_);
  }

  std::optional<size_t> Choose(BitmapView open, size_t pool) {
    return diversity_.Choose(open, pool);
  }
  // Computes every value.
  std::optional<size_t> ChooseSlowly(BitmapView open, size_t pool) {
    std::optional<size_t> best;
    size_t in_pool = 0;
    ForEachBit(open, [&](uint32_t i) {
      if (in_pool++ >= pool) return;
      if (!best || twin_.Value(i) > twin_.Value(*best)) best = i;
    });
    return best;
  }
  void Place(size_t i) {
    diversity_.Place(candidates_[i].row);
    twin_.Place(candidates_[i].row);
  }

 private:
  std::vector<float> vectors_;
  std::vector<Candidate> candidates_;
  Diversity diversity_;
  Diversity twin_;
};

TEST(Diversity, TheChosenIsThatOfATwinThatComparesAll) {
  std::mt19937 random(5);
  size_t not_the_first = 0;
  for (int round = 0; round < 60; ++round) {
    RandomList list(random);
    const size_t pool = 1 + random() % 200;
    std::vector<uint64_t> left(BitmapWords(RandomList::kItems), 0);
    for (uint32_t i = 0; i < RandomList::kItems; ++i) SetBit(left, i);
    for (int place = 0; place < 40; ++place) {
      std::vector<uint64_t> open = left;
      for (int i = 0; i < 30; ++i)
        ClearBit(open, random() % RandomList::kItems);
      const std::optional<size_t> expected = list.ChooseSlowly(open, pool);
      ASSERT_EQ(list.Choose(open, pool), expected);
      not_the_first += expected != FirstBit(open);
      ClearBit(left, static_cast<uint32_t>(*expected));
      list.Place(*expected);
    }
  }
  EXPECT_GT(not_the_first, 1000);
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
