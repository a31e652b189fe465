#include "core/scoring/compile_scorer.h"

#include <bit>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "core/base/aligned_buffer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scoring/models.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;

// Values of which many are thresholds of the models, and missing ones.
FeatureMatrix RandomMatrix(const Forest& forest, size_t rows) {
  std::mt19937 random(17);
  FeatureMatrix matrix(rows, forest.num_features());
  matrix.SetRows(rows);
  for (size_t row = 0; row < rows; ++row) {
    for (size_t f = 0; f < forest.num_features(); ++f) {
      const Tree& tree = forest.trees()[random() % forest.trees().size()];
      float value = std::uniform_real_distribution<float>(-2, 2)(random);
      if (!tree.splits.empty() && random() % 2 == 0) {
        value = tree.splits[random() % tree.splits.size()].threshold;
      }
      if (random() % 8 == 0) value = static_cast<float>(kNaN);
      if (random() % 8 == 0) value = 0;
      matrix.At(row, f) = value;
    }
  }
  return matrix;
}

TEST(Scorer, EveryEngineGivesTheBitsOfTheRows) {
  for (const std::string name :
       {"lgb_regression.txt", "lgb_zero_as_missing.txt", "lgb_no_missing.txt",
        "lgb_lambdarank.txt", "xgb3_squarederror.json", "xgb3_dart.json",
        "xgb1_logistic.json"}) {
    const std::shared_ptr<const Forest> forest =
        ImportOrDie(ReadAll(ModelPath(name)));
    for (const absl::string_view engine : ScorerNames()) {
      const auto scorer = CompileScorer(forest, engine);
      ASSERT_TRUE(scorer.ok()) << scorer.status();
      EXPECT_EQ((*scorer)->name(), engine);
      AlignedBuffer<std::byte> scratch((*scorer)->scratch_bytes());
      for (const size_t rows : {0, 1, 63, 64, 65, 259}) {
        const FeatureMatrix matrix = RandomMatrix(*forest, rows);
        std::vector<double> scores(rows);
        (*scorer)->Score(matrix, scratch.span(), scores);
        for (size_t row = 0; row < rows; ++row) {
          std::vector<double> values;
          for (size_t f = 0; f < forest->num_features(); ++f) {
            values.push_back(matrix.At(row, f));
          }
          ASSERT_EQ(std::bit_cast<uint64_t>(scores[row]),
                    std::bit_cast<uint64_t>(RawScores(forest, values)[0]))
              << name << " " << engine << " row " << row << " of " << rows;
        }
      }
    }
  }
}

TEST(Scorer, IgnoresLaterFeatures) {
  LightGbmModel model;
  model.trees = {Stump("0.5", 0)};
  const auto scorer = CompileScorer(ImportOrDie(model.Text()));
  ASSERT_TRUE(scorer.ok());
  EXPECT_EQ((*scorer)->num_features(), 3);
  FeatureMatrix matrix(1, 5);
  matrix.SetRows(1);
  matrix.At(0, 0) = 1;
  matrix.At(0, 4) = 9;
  double score = 0;
  AlignedBuffer<std::byte> scratch((*scorer)->scratch_bytes());
  (*scorer)->Score(matrix, scratch.span(), {&score, 1});
  EXPECT_EQ(score, 1);
}

TEST(Scorer, RefusesSeveralOutputsAndUnknownEngines) {
  const auto several = ImportOrDie(ReadAll(ModelPath("lgb_multiclass.txt")));
  EXPECT_EQ(CompileScorer(several).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(CheckSingleOutput(*several).message(), HasSubstr("3 outputs"));
  const auto one = ImportOrDie(ReadAll(ModelPath("lgb_regression.txt")));
  EXPECT_TRUE(CheckSingleOutput(*one).ok());
  EXPECT_THAT(CompileScorer(one, "warp").status().message(),
              HasSubstr("no scoring engine 'warp'; there are: "));
}

}  // namespace
}  // namespace marquee
