// The scores of candidates that nothing ranks.
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "core/sources/merge.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/sources/tables.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;

constexpr float kLeast = 1e-4f;  // that a score falls

class ScoreByPlaceTest : public ::testing::Test {
 protected:
  void List(Source source, const std::vector<uint32_t>& rows,
            const std::vector<float>& scores) {
    SourceList& list = lists_[static_cast<size_t>(source)];
    for (size_t i = 0; i < rows.size(); ++i) {
      list.Add(ItemRow{rows[i]}, scores[i]);
    }
  }
  // The scores of the merged list, which fall strictly.
  std::vector<float> Score(const std::array<int, kCandidateSources>& weights) {
    SourceMix mix;
    mix.weights = weights;
    MergeSources(mix, lists_, 1000, notes_, candidates_, origins_);
    ScoreByPlace(mix, lists_, origins_, candidates_);
    std::vector<float> scores;
    for (const Candidate& candidate : candidates_) {
      if (!scores.empty()) {
        EXPECT_LT(candidate.score, scores.back());
      }
      EXPECT_EQ(candidate.by_fresh_share, candidate.source == Source::kNew);
      scores.push_back(candidate.score);
    }
    return scores;
  }

  SourceLists lists_;
  RowNotes notes_{1000};
  std::vector<Candidate> candidates_;
  std::vector<CandidateOrigin> origins_;
};

TEST_F(ScoreByPlaceTest, TheLargestWeightKeepsItsScoresAndOthersAreBetween) {
  List(Source::kPersonal, {0, 1, 2}, {0.75f, 0.5f, -1});
  List(Source::kTrending, {10, 11}, {-3, -5});
  const std::vector<float> scores = Score({2, 1, 0, 0, 0});
  ASSERT_EQ(scores.size(), 5);  // 0 1 10 2 11
  EXPECT_EQ(scores[0], 0.75f);
  EXPECT_EQ(scores[1], 0.5f);
  EXPECT_EQ(scores[2], 0.5f - kLeast);
  EXPECT_EQ(scores[3], -1);
  EXPECT_EQ(scores[4], -1 - kLeast);
}

// Whichever it is, and of equal ones the first.
TEST_F(ScoreByPlaceTest, TheLeadIsOfTheLargestWeight) {
  List(Source::kPersonal, {0}, {0.75f});
  List(Source::kTrending, {10}, {-3});
  List(Source::kNew, {20}, {0});
  List(Source::kGenre, {30}, {-7});
  EXPECT_EQ(Score({1, 1, 1, 0, 2})[0], -7);
  EXPECT_EQ(Score({1, 2, 2, 0, 2})[0], -3);
  EXPECT_EQ(Score({1, 1, 1, 0, 1})[0], 0.75f);
  EXPECT_EQ(Score({0, 0, 3, 0, 1})[0], 0);
}

// Another brought the item: its score in the lead's list is not of this place.
TEST_F(ScoreByPlaceTest, AnItemThatAnotherBroughtDoesNotPullTheOthersDown) {
  List(Source::kPersonal, {0, 1, 2}, {0.75f, 0.5f, -9});
  List(Source::kTrending, {2}, {-1});
  const std::vector<float> scores = Score({1, 1, 0, 0, 0});  // 0 2 1
  EXPECT_THAT(scores, ElementsAre(0.75f, 0.75f - kLeast, 0.5f));
}

TEST_F(ScoreByPlaceTest, WithoutAListOfTheLeadScoresFallFromNothing) {
  List(Source::kTrending, {10, 11}, {-3, -5});
  List(Source::kNew, {20}, {0});
  const std::vector<float> scores = Score({8, 4, 1, 0, 0});
  EXPECT_THAT(scores, ElementsAre(0, -kLeast, -kLeast - kLeast));
}

TEST_F(ScoreByPlaceTest, EqualScoresOfTheLeadFallALittle) {
  List(Source::kNew, {1, 2, 3, 4}, {0, 0, 0, 0});
  const std::vector<float> scores = Score({0, 0, 1, 0, 0});
  EXPECT_EQ(scores[0], 0);
  EXPECT_NEAR(scores[3], -3 * kLeast, 1e-7f);
}

// Where floats are further apart than the least fall.
TEST_F(ScoreByPlaceTest, LargeScoresFallToo) {
  for (const float large : {3e3f, 1e9f, 1e30f, -1e30f}) {
    lists_ = {};
    List(Source::kPersonal, {0, 1, 2}, {large, large, large});
    List(Source::kTrending, {10, 11, 12}, {-3, -3, -3});
    const std::vector<float> scores = Score({1, 1, 0, 0, 0});
    EXPECT_EQ(scores[0], large);
    EXPECT_NEAR(scores[5] / large, 1, 1e-5);
  }
}

TEST_F(ScoreByPlaceTest, NoCandidatesHaveNoScores) {
  EXPECT_THAT(Score({1, 0, 0, 0, 0}), ElementsAre());
}

// An item of the lead has the score of its list, except where the one before is
// hardly higher; all others are a little below the one before.
TEST_F(ScoreByPlaceTest, HoldsForRandomLists) {
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    lists_ = {};
    const uint32_t items = 1 + random.Below(100);
    const float scale = std::pow(10.f, static_cast<float>(random.Below(7)) - 3);
    std::array<int, kCandidateSources> weights;
    for (size_t s = 0; s < kCandidateSources; ++s) {
      std::vector<uint32_t> rows = Shuffled(items, random);
      rows.resize(random.Below(items + 1));
      std::vector<float> scores;
      for (size_t i = 0; i < rows.size(); ++i) {
        scores.push_back(scale * static_cast<float>(random.Normal()));
      }
      std::sort(scores.begin(), scores.end(), std::greater<>());
      List(static_cast<Source>(s), rows, scores);
      weights[s] = static_cast<int>(random.Below(5));
    }
    const std::vector<float> scores = Score(weights);
    const auto lead = static_cast<size_t>(
        std::max_element(weights.begin(), weights.end()) - weights.begin());
    for (size_t i = 1; i < scores.size(); ++i) {
      const float next = std::min(
          scores[i - 1] - kLeast,
          std::nextafter(scores[i - 1], -std::numeric_limits<float>::max()));
      float expected = next;
      if (static_cast<size_t>(candidates_[i].source) == lead) {
        expected =
            std::min(next, lists_[lead].scores[origins_[i].rank[lead] - 1u]);
      }
      EXPECT_EQ(scores[i], expected) << i;
    }
  }
}

}  // namespace
}  // namespace marquee
