#include "offline/evaluate/metrics.h"

#include <cmath>
#include <vector>

#include "gtest/gtest.h"

namespace marquee {
namespace {

const std::vector<uint32_t> kList = {7, 3, 9, 1, 5};

TEST(Recall, IsTheShareOfAllThatIsRelevant) {
  const RelevantSet relevant = {3, 5, 8, 1};
  EXPECT_DOUBLE_EQ(RecallAt(kList, relevant, 1), 0);
  EXPECT_DOUBLE_EQ(RecallAt(kList, relevant, 2), 0.25);
  EXPECT_DOUBLE_EQ(RecallAt(kList, relevant, 4), 0.5);
  EXPECT_DOUBLE_EQ(RecallAt(kList, relevant, 50), 0.75);
  EXPECT_DOUBLE_EQ(RecallAt({}, relevant, 50), 0);
}

TEST(Recall, MoreRelevantThanPlacesCanNotReachOne) {
  EXPECT_DOUBLE_EQ(RecallAt(kList, {7, 3, 9, 1}, 2), 0.5);
}

// 1 / log2(i + 1): 1, 0.63093, 0.5, 0.43068, 0.38685.
TEST(Ndcg, EqualsTheSumByHand) {
  EXPECT_NEAR(NdcgAt(kList, {7}, 10), 1, 1e-12);
  EXPECT_NEAR(NdcgAt(kList, {3}, 10), 0.6309297535714574, 1e-12);
  EXPECT_NEAR(
      NdcgAt(kList, {3, 1}, 10),
      (0.6309297535714574 + 0.43067655807339306) / (1 + 0.6309297535714574),
      1e-12);
  // The ideal list counts what is not in the list too.
  EXPECT_NEAR(NdcgAt(kList, {7, 100}, 10), 1 / (1 + 0.6309297535714574), 1e-12);
  EXPECT_DOUBLE_EQ(NdcgAt(kList, {100}, 10), 0);
}

TEST(Ndcg, LooksAtTheFirstPlacesOnlyInListAndIdeal) {
  EXPECT_DOUBLE_EQ(NdcgAt(kList, {1}, 3), 0);
  EXPECT_NEAR(NdcgAt(kList, {7, 3, 9, 1, 5}, 2), 1, 1e-12);
}

TEST(SelfInformation, IsInBits) {
  EXPECT_DOUBLE_EQ(SelfInformation(1, 8), 3);
  EXPECT_DOUBLE_EQ(SelfInformation(8, 8), 0);
  EXPECT_DOUBLE_EQ(SelfInformation(0, 8), 3);
}

TEST(BootstrapMean, EqualDifferencesHaveNoSpread) {
  const Interval interval =
      BootstrapMean(std::vector<double>(50, 0.25), 100, 1);
  EXPECT_DOUBLE_EQ(interval.mean, 0.25);
  EXPECT_NEAR(interval.low, 0.25, 1e-12);
  EXPECT_NEAR(interval.high, 0.25, 1e-12);
}

// Of n fair coins of ±1, the mean has the deviation 1/√n: 95 % within ±1.96/√n.
TEST(BootstrapMean, IntervalOfCoinsIsAsWideAsTheNormalOne) {
  std::vector<double> coins;
  for (int i = 0; i < 400; ++i) coins.push_back(i % 2 == 0 ? 1 : -1);
  const Interval interval = BootstrapMean(coins, 4000, 7);
  EXPECT_DOUBLE_EQ(interval.mean, 0);
  EXPECT_NEAR(interval.low, -1.96 / std::sqrt(400.0), 0.015);
  EXPECT_NEAR(interval.high, 1.96 / std::sqrt(400.0), 0.015);
  const Interval again = BootstrapMean(coins, 4000, 7);
  EXPECT_EQ(interval.low, again.low);
  EXPECT_EQ(interval.high, again.high);
}

}  // namespace
}  // namespace marquee
