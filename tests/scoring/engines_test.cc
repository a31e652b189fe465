// The engines that serve against the reference, on forests of every shape.
#include <bit>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/aligned_buffer.h"
#include "core/forest/reference_scorer.h"
#include "core/scoring/bit_sliced_scorer.h"
#include "core/scoring/compile_scorer.h"
#include "core/scoring/walk_scorer.h"
#include "gtest/gtest.h"
#include "tests/scoring/random_forest.h"

namespace marquee {
namespace {

std::vector<uint64_t> Bits(const Scorer& scorer, const FeatureMatrix& rows) {
  AlignedBuffer<std::byte> scratch(scorer.scratch_bytes());
  std::vector<double> scores(rows.rows());
  scorer.Score(rows, scratch.span(), scores);
  // Again, with what the first left behind.
  scorer.Score(rows, scratch.span(), scores);
  return BitsOf(scores);
}

TEST(Engines, HaveTheBitsOfTheReferenceOnForestsOfEveryShape) {
  const ForestShape shapes[] = {
      {.leaves = 1},
      {.leaves = 2},
      {.leaves = 3},
      {.leaves = 16},
      {.leaves = 17},
      {.leaves = 31},
      {.leaves = 33},
      {.leaves = 64},
      {.leaves = 65},
      {.trees = 4, .leaves = 256},
      {.trees = 4, .leaves = 257},
      {.trees = 3, .leaves = 1000},
      {.trees = 3, .leaves = 60, .is_chain = true},
      {.trees = 2, .leaves = 1000, .is_chain = true},
      {.trees = 60, .leaves = 8, .cuts = 3},
      {.trees = 40, .leaves = 100, .cuts = 230},
      {.trees = 150, .leaves = 200, .cuts = 2000},
      {.cuts = 40, .xgboost_rule = CategoryRule::kXgboost15},
      {.cuts = 40, .xgboost_rule = CategoryRule::kXgboost16},
      {.cuts = 400, .xgboost_rule = CategoryRule::kXgboost16},
      {.trees = 40, .leaves = 3, .is_linear = true},
      {.trees = 40, .leaves = 64, .is_linear = true},
      {.trees = 10, .leaves = 400, .is_linear = true},
  };
  uint32_t seed = 1;
  for (const Arithmetic arithmetic :
       {Arithmetic::kLightGbm, Arithmetic::kXgboost}) {
    for (const ForestShape& shape : shapes) {
      if (shape.is_linear && arithmetic == Arithmetic::kXgboost) continue;
      ForestMaker maker(arithmetic, shape, seed++);
      const auto forest = maker.MakeForest();
      const auto reference = ReferenceScorer::Create(forest);
      for (const size_t count : {0, 1, 63, 64, 65, 200, 255, 256, 257, 700}) {
        const FeatureMatrix rows = maker.MakeRows(count);
        const std::vector<uint64_t> want = Bits(*reference, rows);
        for (const simd::Isa isa : simd::SupportedIsas()) {
          ASSERT_EQ(Bits(BitSlicedScorer(*forest, isa), rows), want)
              << simd::IsaName(isa) << ", " << shape.leaves << " leaves, "
              << shape.cuts << " cuts, " << count << " rows";
        }
        if (shape.is_linear) continue;
        ASSERT_TRUE(WalkScorer::CheckSupported(*forest).ok());
        ASSERT_EQ(Bits(WalkScorer(*forest), rows), want)
            << "walk, " << shape.leaves << " leaves, " << count << " rows";
      }
    }
  }
}

TEST(RankColumns, KeysAreInTheOrderOfTheNumbers) {
  const float ascending[] = {-kInf,  -3e38f, -1.0f, -1e-40f, 0.0f,
                             1e-40f, 1.0f,   3e38f, kInf};
  for (size_t i = 1; i < std::size(ascending); ++i) {
    EXPECT_LT(OrderKey(ascending[i - 1]), OrderKey(ascending[i]));
  }
  EXPECT_EQ(OrderKey(-0.0f), OrderKey(0.0f));
}

// What matters is how many thresholds differ, not how many splits there are.
TEST(Engines, ManySplitsAtFewCutsAreRanked) {
  ForestMaker maker(
      Arithmetic::kLightGbm,
      {.trees = 400, .leaves = 2000, .cuts = 100, .has_categories = false}, 7);
  const auto forest = maker.MakeForest();
  size_t splits = 0;
  for (const Tree& tree : forest->trees()) splits += tree.splits.size();
  ASSERT_GT(splits, kRandomFeatures * 65536);
  EXPECT_TRUE(BitSlicedScorer::CheckSupported(*forest).ok());
  const FeatureMatrix rows = maker.MakeRows(65);
  EXPECT_EQ(Bits(**CompileScorer(forest), rows),
            Bits(*ReferenceScorer::Create(forest), rows));
}

TEST(Engines, MoreThresholdsThanRanksAreLeftToTheReference) {
  ForestParts parts;
  parts.num_features = 1;
  for (int i = 0; i < 70000; ++i) {
    Tree tree;
    Split& split = tree.splits.emplace_back();
    split.threshold = 1.0 + i;
    split.left = ~0;
    split.right = ~1;
    tree.leaf_values = {0, 1};
    parts.trees.push_back(tree);
    parts.iteration_ends.push_back(parts.trees.size());
  }
  const std::shared_ptr<const Forest> forest =
      *Forest::Create(std::move(parts));
  const absl::Status status = BitSlicedScorer::CheckSupported(*forest);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status.message().substr(0, 41),
            "feature 0 has 70000 different thresholds ");
  EXPECT_EQ((*CompileScorer(forest))->name(), ReferenceScorer::kName);
}

TEST(Engines, TreesOfMoreLeavesThanSlotsAreWalked) {
  ForestMaker small(Arithmetic::kLightGbm,
                    {.trees = 1, .leaves = 32768, .has_categories = false}, 1);
  EXPECT_TRUE(BitSlicedScorer::CheckSupported(*small.MakeForest()).ok());
  ForestMaker large(Arithmetic::kLightGbm, {.trees = 1, .leaves = 32769}, 1);
  const auto forest = large.MakeForest();
  EXPECT_EQ(BitSlicedScorer::CheckSupported(*forest).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_FALSE(CompileScorer(forest, BitSlicedScorer::kName).ok());
  const auto scorer = CompileScorer(forest);
  EXPECT_EQ((*scorer)->name(), WalkScorer::kName);
  const FeatureMatrix rows = large.MakeRows(100);
  EXPECT_EQ(Bits(**scorer, rows), Bits(*ReferenceScorer::Create(forest), rows));
}

}  // namespace
}  // namespace marquee
