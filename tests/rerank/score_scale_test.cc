#include "core/rerank/score_scale.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::FloatNear;

constexpr float kLargest = std::numeric_limits<float>::max();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

std::vector<float> Scaled(std::vector<float> scores, size_t outliers = 0) {
  std::vector<double> memory;
  EXPECT_EQ(Standardize(scores, memory).outliers, outliers);
  return scores;
}

TEST(ScoreScale, HasMeanZeroAndDeviationOne) {
  std::mt19937 random(1);
  std::normal_distribution<float> normal(40, 7);
  std::vector<float> scores(500);
  for (float& score : scores) score = normal(random);
  const std::vector<float> scaled = Scaled(scores);
  double sum = 0;
  double squares = 0;
  for (size_t i = 0; i < scaled.size(); ++i) {
    sum += scaled[i];
    squares += double{scaled[i]} * scaled[i];
    if (i > 0) {
      EXPECT_EQ(scaled[i] < scaled[0], scores[i] < scores[0]);
    }
  }
  EXPECT_NEAR(sum / 500, 0, 1e-6);
  EXPECT_NEAR(squares / 500, 1, 1e-5);
}

TEST(ScoreScale, OfFewOrEqualScores) {
  EXPECT_THAT(Scaled({}), ElementsAre());
  EXPECT_THAT(Scaled({3}), ElementsAre(0));
  EXPECT_THAT(Scaled({5, 5, 5, 5}), Each(0));
  EXPECT_THAT(Scaled({1, 3}), ElementsAre(-1, 1));
  // Most are equal: the others are no outliers.
  EXPECT_THAT(Scaled({0, 0, 0, 0, 0, 0, 0, 4}),
              ElementsAre(FloatNear(-0.378f, 1e-3f), ::testing::_, ::testing::_,
                          ::testing::_, ::testing::_, ::testing::_,
                          ::testing::_, FloatNear(2.646f, 1e-3f)));
}

// Without the outliers it is the same scale, and they stand beyond it.
TEST(ScoreScale, AnInfiniteScoreLeavesTheOthersApart) {
  std::vector<float> scores;
  for (int i = 0; i < 40; ++i) scores.push_back(static_cast<float>(i % 13));
  const std::vector<float> alone = Scaled(scores);
  const float highest = *std::max_element(alone.begin(), alone.end());
  const float lowest = *std::min_element(alone.begin(), alone.end());
  for (const float huge : {kInfinity, kLargest, 1e30f, 1e6f}) {
    std::vector<float> with = scores;
    with.push_back(huge);
    with.push_back(-huge);
    const std::vector<float> scaled = Scaled(with, 2);
    EXPECT_GE(scaled[40], highest + 1) << huge;
    EXPECT_LT(scaled[40], highest + 100) << huge;
    EXPECT_LE(scaled[41], lowest - 1) << huge;
    EXPECT_GT(scaled[41], lowest - 100) << huge;
    for (size_t i = 0; i < alone.size(); ++i) {
      EXPECT_FLOAT_EQ(scaled[i], alone[i]) << huge;
    }
  }
}

// The middle half is equal, and one score is out of all proportion.
TEST(ScoreScale, AnOutlierAmongScoresOfWhichMostAreEqual) {
  std::vector<float> scores(500, 1);
  for (int i = 0; i < 100; ++i) scores[i] = static_cast<float>(i) / 50;
  scores[499] = 1e30f;
  const std::vector<float> scaled = Scaled(scores, 1);
  EXPECT_GT(scaled[99] - scaled[0], 1);
  EXPECT_GT(scaled[499], scaled[99]);
}

// All but a few are: what differs is not far for that.
TEST(ScoreScale, AnOutlierAmongScoresOfWhichNearlyAllAreEqual) {
  std::vector<float> scores(190);
  for (int i = 0; i < 9; ++i) {
    scores.push_back(0.5f + static_cast<float>(i) / 10);
  }
  const float highest = Scaled(scores, 0).back();
  for (const float huge : {1e30f, -1e30f, kInfinity, 1e5f}) {
    scores.push_back(huge);
    const std::vector<float> scaled = Scaled(scores, 1);
    EXPECT_FLOAT_EQ(scaled[198], highest);
    EXPECT_GT(scaled[190] - scaled[0], 2);
    scores.pop_back();
  }
}

// `apart`: the best that stay different; behind them a float may not tell.
void ExpectOrderKept(const std::vector<float>& scores, size_t apart) {
  std::vector<double> memory;
  std::vector<float> scaled = scores;
  Standardize(scaled, memory);
  for (size_t i = 1; i < scores.size(); ++i) {
    ASSERT_GT(scores[i - 1], scores[i]);
    ASSERT_GE(scaled[i - 1], scaled[i]) << i;
    if (i < apart) {
      ASSERT_GT(scaled[i - 1], scaled[i]) << i;
    }
  }
}

// However heavy the tail: what the ranker told apart stays apart.
TEST(ScoreScale, HeavyTailsKeepTheirOrder) {
  for (const double power : {0.5, 1.0, 1.5, 2.0, 3.0, 5.0}) {
    std::vector<float> scores;
    for (int rank = 1; rank <= 300; ++rank) {
      scores.push_back(static_cast<float>(std::pow(rank, -power)));
    }
    ExpectOrderKept(scores, 15);
  }
  // Most candidates fall into nearly the same leaves, the best do not.
  std::vector<float> scores;
  for (int i = 0; i < 60; ++i)
    scores.push_back(3.0f - 0.05f * static_cast<float>(i));
  for (int i = 0; i < 440; ++i)
    scores.push_back(4e-4f - 1e-6f * static_cast<float>(i) - 0.1f);
  ExpectOrderKept(scores, 60);
  std::vector<double> memory;
  EXPECT_EQ(Standardize(scores, memory).outliers, 0);
}

// `count` scores of mean `centre` and deviation `unit`, then the others.
std::vector<float> Around(float centre, float unit, int count,
                          const std::vector<float>& others) {
  std::vector<float> scores;
  for (int i = 0; i < count; ++i) {
    scores.push_back(i % 2 == 0 ? centre - unit : centre + unit);
  }
  scores.insert(scores.end(), others.begin(), others.end());
  return scores;
}

// One deviation and the logarithm of the distance beyond the others.
TEST(ScoreScale, WhereOutliersStand) {
  for (const float sign : {1.0f, -1.0f}) {
    const auto scaled =
        Scaled(Around(sign * 4, 1, 40, {sign * 1e6f, sign * kInfinity}), 2);
    EXPECT_FLOAT_EQ(scaled[0], -1);
    EXPECT_FLOAT_EQ(scaled[1], 1);
    EXPECT_FLOAT_EQ(scaled[40], sign * (2 + std::log1p(1e6f - 5)));
    EXPECT_FLOAT_EQ(scaled[41], sign * (2 + std::log1p(kLargest)));
  }
}

// In every unit and around every centre it is the same.
TEST(ScoreScale, OutliersAreFoundInEveryUnit) {
  for (const float unit : {1e-6f, 0.01f, 1.0f, 1e6f}) {
    for (const float sign : {1.0f, -1.0f}) {
      const auto scaled = Scaled(Around(0, unit, 40, {sign * 1e5f * unit}), 1);
      EXPECT_FLOAT_EQ(scaled[1], 1) << unit;
      EXPECT_FLOAT_EQ(scaled[40], sign * (2 + std::log1p(1e5f - 1))) << unit;
    }
  }
  Scaled(Around(1e5f, 1, 40, {2e5f}), 1);
  Scaled(Around(-1e5f, 1, 40, {-2e5f}), 1);
}

// Of an even number of others the median is the one on the outlier's side, a
// deviation from their mean.
TEST(ScoreScale, HowFarAnOutlierIs) {
  for (const float sign : {1.0f, -1.0f}) {
    Scaled(Around(0, 1, 40, {sign * 10'000.5f}), 0);
    Scaled(Around(0, 1, 40, {sign * 10'001.5f}), 1);
    Scaled(Around(0, 1, 18, {sign * 1'000'000.5f}), 0);
    Scaled(Around(0, 1, 18, {sign * 1'000'001.5f}), 1);
    // Twenty are not few.
    Scaled(Around(0, 1, 18, {sign * 1e5f}), 0);
    Scaled(Around(0, 1, 19, {sign * 1e5f}), 1);
  }
}

TEST(ScoreScale, TheOrderOfTheScoresDoesNotMatter) {
  std::mt19937 random(9);
  std::normal_distribution<float> normal(0, 3);
  for (const size_t count : {5, 41, 300}) {
    std::vector<float> scores(count);
    for (float& score : scores) score = normal(random);
    scores[0] = 1e30f;
    for (int round = 0; round < 20; ++round) {
      std::shuffle(scores.begin(), scores.end(), random);
      Scaled(scores, 1);
    }
  }
}

// Two of three are close to each other by chance.
TEST(ScoreScale, FewScoresHaveNoOutlierByChance) {
  Scaled({5, 4.99f, -10}, 0);
  Scaled({5, 4.999f, -10}, 0);
  Scaled({0, 1e-10f, 0.001f, -0.001f, 0.002f, -0.002f, 0.003f}, 0);
  std::mt19937 random(7);
  for (const float unit : {3.0f, 0.003f}) {
    std::normal_distribution<float> normal(0, unit);
    for (const size_t count : {3, 4, 7, 19, 20, 60, 500}) {
      std::vector<float> scores(count);
      for (int round = 0; round < 500; ++round) {
        for (float& score : scores) score = normal(random);
        Scaled(scores, 0);
      }
    }
  }
}

// Whatever the values: the distances of ties are the same.
TEST(ScoreScale, TiesAreNearOrFarTogether) {
  std::mt19937 random(8);
  std::normal_distribution<float> normal(0, 3);
  for (int round = 0; round < 300; ++round) {
    const float a = normal(random);
    const float b = normal(random);
    const float c = normal(random);
    Scaled({a, b, 1e30f}, 1);
    Scaled({a, a, b, -1e30f}, 1);
    Scaled({a, a, a, a, b, b, b}, 0);
    for (const size_t count : {10, 19, 20, 40, 200}) {
      std::vector<float> scores(count, a);
      scores[0] = b;
      Scaled(scores, 0);
      scores[1] = 1e30f;
      Scaled(scores, 1);
      for (size_t i = 0; i < count / 3; ++i) scores[i] = b;
      Scaled(scores, 0);
      scores[count - 1] = kInfinity;
      Scaled(scores, 1);
      scores[count - 1] = 1e30f;
      Scaled(scores, 1);
      scores[count - 1] = c;
      Scaled(scores, 0);
    }
  }
}

TEST(ScoreScale, NoMoreThanATwentiethIsAnOutlier) {
  const auto outliers = [](int of) { return std::vector<float>(of, 1e7f); };
  Scaled(Around(0, 1, 57, outliers(3)), 3);
  Scaled(Around(0, 1, 72, outliers(4)), 0);  // of 76, three at most
  // One of any number: two others make a scale.
  Scaled(Around(0, 1, 1, outliers(1)), 0);
  for (int others = 2; others < 60; ++others) {
    Scaled(Around(0, 1, others, outliers(1)), 1);
    Scaled(Around(0, 1, others, {-1e30f}), 1);
  }
  Scaled(Around(0, 1, 36, outliers(2)), 0);
  // Those that are no numbers do not count.
  Scaled(Around(0, 1, 37, {1e7f, kLargest}), 2);
  Scaled(Around(0, 1, 19, {1e7f}), 1);
}

// Without the outlier all are equal: the scale has no unit.
TEST(ScoreScale, WhatIsLeftMayNotBeEqual) {
  const auto scaled = Scaled(Around(0, 0, 30, {4}), 0);
  EXPECT_GT(scaled[30], 5);
}

TEST(ScoreScale, TheMemoryOfOtherScoresIsForgotten) {
  std::vector<double> memory;
  std::vector<float> others = Around(0, 1e20f, 400, {1e30f});
  Standardize(others, memory);
  std::vector<float> scores = Around(0, 1, 40, {1e6f});
  EXPECT_EQ(Standardize(scores, memory).outliers, 1);
}

TEST(ScoreScale, TellsWhichAreOutliers) {
  std::vector<double> memory;
  std::vector<float> scores = Around(4, 2, 40, {1e6f, -kInfinity});
  const Standardized scale = Standardize(scores, memory);
  EXPECT_FLOAT_EQ(scale.lowest, -1);
  EXPECT_FLOAT_EQ(scale.highest, 1);
  for (size_t i = 0; i < scores.size(); ++i) {
    EXPECT_EQ(scale.IsOutlier(scores[i]), i >= 40) << i;
  }
}

TEST(ScoreScale, OnlyOutliers) {
  const auto scaled = Scaled({kInfinity, -kInfinity, kLargest}, 3);
  EXPECT_EQ(scaled[0], 1);
  EXPECT_EQ(scaled[1], -1);
  EXPECT_EQ(scaled[2], 1);
  EXPECT_EQ(Scaled({2, kLargest}, 1)[0], 0);
}

}  // namespace
}  // namespace marquee
