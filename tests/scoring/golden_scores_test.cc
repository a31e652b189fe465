#include "core/scoring/golden_scores.h"

#include <cmath>
#include <memory>
#include <utility>

#include "core/scoring/compile_scorer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scoring/random_forest.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;

std::unique_ptr<const ArrayFile> GoldenOf(
    const std::shared_ptr<const Forest>& forest) {
  auto out = *ArrayFileWriter::CreateInMemory();
  WriteGoldenScores(forest, *out);
  return *out->FinishInMemory();
}

TEST(GoldenScores, HoldForTheModelOnEveryEngine) {
  for (const bool is_linear : {false, true}) {
    ForestMaker maker(Arithmetic::kLightGbm, {.is_linear = is_linear}, 3);
    const auto forest = maker.MakeForest();
    const auto golden = GoldenOf(forest);
    for (const absl::string_view engine : ScorerNames()) {
      const auto scorer = CompileScorer(forest, engine);
      if (is_linear && !scorer.ok()) continue;
      ASSERT_TRUE(scorer.ok()) << scorer.status();
      const absl::Status status = CheckGoldenScores(*golden, **scorer);
      EXPECT_TRUE(status.ok()) << status;
    }
  }
}

absl::Status CheckAgainst(const ArrayFile& golden, ForestParts parts) {
  auto forest = Forest::Create(std::move(parts));
  EXPECT_TRUE(forest.ok()) << forest.status();
  const auto scorer = CompileScorer(*std::move(forest));
  return CheckGoldenScores(golden, **scorer);
}

TEST(GoldenScores, TellAModelOfWhichOneBitDiffers) {
  ForestMaker maker(Arithmetic::kLightGbm,
                    {.trees = 1, .leaves = 12, .has_categories = false}, 4);
  const auto forest = maker.MakeForest();
  const auto golden = GoldenOf(forest);
  ForestParts parts;
  parts.num_features = kRandomFeatures;
  parts.trees.assign(forest->trees().begin(), forest->trees().end());
  parts.iteration_ends = {1};
  EXPECT_TRUE(CheckAgainst(*golden, parts).ok());

  ForestParts leaf = parts;
  double& value = leaf.trees[0].leaf_values[0];
  value = std::nextafter(value, 100);
  const absl::Status status = CheckAgainst(*golden, leaf);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(status.message(), HasSubstr("engine 'bit_sliced' gives"));

  ForestParts threshold = parts;
  // The root's, which every row meets.
  double& cut = threshold.trees[0].splits[0].threshold;
  cut = std::nextafter(static_cast<float>(cut), kInf);
  EXPECT_FALSE(CheckAgainst(*golden, threshold).ok());
}

TEST(GoldenScores, OfAnotherNumberOfFeaturesAreDamage) {
  ForestMaker maker(Arithmetic::kLightGbm, {.trees = 1}, 5);
  const auto forest = maker.MakeForest();
  const auto golden = GoldenOf(forest);
  ForestParts wider;
  wider.num_features = kRandomFeatures + 1;
  wider.trees.assign(forest->trees().begin(), forest->trees().end());
  wider.iteration_ends = {1};
  const absl::Status status = CheckAgainst(*golden, wider);
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(
      status.message(),
      HasSubstr("have 1500 values and 300 scores, not 300 rows of 6 values"));
}

}  // namespace
}  // namespace marquee
