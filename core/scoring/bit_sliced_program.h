// A forest compiled for bit-sliced scoring. A kernel scores up to 256
// candidates of a request at a time, with one bit per candidate.
//
// The algorithm:
// 1. For each distinct test of the forest (a column and one of its thresholds),
//    compute once the set of rows that go right.
// 2. Evaluate each tree by set algebra. Start with the set S of all rows at the
//    root. Each split sends S & test to the right and the rest to the left.
//    Every row ends in the set of one leaf.
// 3. Build each row's leaf index from these sets, bit by bit.
// 4. Add the value of the leaf to the row's sum, in the order of the trees and
//    in the trainer's arithmetic. The sums therefore have the trainer's bits.
//
// No row takes a branch.
#ifndef MARQUEE_CORE_SCORING_BIT_SLICED_PROGRAM_H_
#define MARQUEE_CORE_SCORING_BIT_SLICED_PROGRAM_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/features/feature_scope.h"
#include "core/forest/forest.h"
#include "core/scoring/rank_columns.h"
#include "core/simd/bit_sliced_kernel.h"

namespace marquee {

// Compiled from a forest with one output. Movable bag of values.
struct BitSlicedProgram {
  RankColumns ranks;
  std::vector<simd::BitSlicedTree> trees;
  std::vector<simd::BitSlicedStep> steps;
  size_t max_leaves = 1;
  std::vector<simd::LinearLeaf> linear_leaves;
  std::vector<simd::LinearLeafTerm> terms;
  // Leaf values. Each tree's values are padded to a power of two and to at
  // least 32. One of the two arrays is empty.
  std::vector<double> doubles;  // Arithmetic::kLightGbm
  std::vector<float> floats;    // Arithmetic::kXgboost
  float base_margin = 0;
};

// `scopes`: as for RankCompiler. Requires: a forest with one output that
// BitSlicedScorer::CheckSupported accepts.
BitSlicedProgram CompileBitSliced(const Forest& forest,
                                  std::span<const FeatureScope> scopes = {});

}  // namespace marquee

#endif  // MARQUEE_CORE_SCORING_BIT_SLICED_PROGRAM_H_
