#include "core/rerank/score_scale.h"

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
  std::vector<float> memory;
  EXPECT_EQ(Standardize(scores, memory), outliers);
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

// Without the outliers it is the same scale.
TEST(ScoreScale, AnInfiniteScoreLeavesTheOthersApart) {
  const std::vector<float> alone = Scaled({1, 2, 3, 4, 5, 6, 7, 8});
  for (const float huge : {kInfinity, kLargest, 1e30f, 5000.0f}) {
    const auto with = Scaled({1, huge, 2, 3, 4, 5, 6, 7, 8, -huge}, 2);
    EXPECT_FLOAT_EQ(with[1], alone[7] + 1) << huge;
    EXPECT_FLOAT_EQ(with[9], alone[0] - 1) << huge;
    EXPECT_FLOAT_EQ(with[0], alone[0]) << huge;
    EXPECT_FLOAT_EQ(with[8], alone[7]) << huge;
  }
}

TEST(ScoreScale, OnlyOutliers) {
  EXPECT_THAT(Scaled({kInfinity, -kInfinity, kLargest}, 3),
              ElementsAre(1, -1, 1));
  EXPECT_THAT(Scaled({2, kLargest}, 1), ElementsAre(0, 1));
}

// The fence is a hundred interquartile ranges from the quartiles: of these
// scores 3 and 7, in whatever order they come.
TEST(ScoreScale, TheFenceStandsFarOut) {
  Scaled({4, 407, 7, 1, 6, 3, 5, 2}, 0);
  Scaled({4, 408, 7, 1, 6, 3, 5, 2}, 1);
  Scaled({8, 5, -397, 4, 7, 6, 2, 3}, 0);
  Scaled({8, 5, -398, 4, 7, 6, 2, 3}, 1);
  // Quartiles 2 and 6.
  Scaled({1, 5, -398, 4, 7, 6, 2, 3}, 0);
  Scaled({1, 5, -399, 4, 7, 6, 2, 3}, 1);
  // It is as far on a scale of a tenth.
  Scaled({0.4f, 41, 0.7f, 0.1f, 0.6f, 0.3f, 0.5f, 0.2f}, 1);
}

// What is no score has no part in the quartiles.
TEST(ScoreScale, TheLargestFloatsAreNoScores) {
  Scaled({1, 2, 3, 4, 5000, kLargest, kLargest, -kLargest}, 4);
}

TEST(ScoreScale, OutliersStandOneBeyondTheEndsInAnyOrder) {
  const auto scaled = Scaled({8, 1, kInfinity, 5, 2, -kInfinity, 7}, 2);
  EXPECT_FLOAT_EQ(scaled[2], scaled[0] + 1);
  EXPECT_FLOAT_EQ(scaled[5], scaled[1] - 1);
}

// Working memory is that: what was in it does not count.
TEST(ScoreScale, TheScoresBeforeLeaveNothing) {
  std::vector<float> memory;
  std::vector<float> wide(100);
  for (size_t i = 0; i < wide.size(); ++i)
    wide[i] = static_cast<float>(100 * i);
  Standardize(wide, memory);
  std::vector<float> scores = {4, 408, 7, 1, 6, 3, 5, 2};
  EXPECT_EQ(Standardize(scores, memory), 1);
}

}  // namespace
}  // namespace marquee
