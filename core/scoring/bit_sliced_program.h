// A forest compiled for bit-sliced scoring: what one request does with up to
// 256 candidates at a time, one bit a candidate.
//
// Every distinct test of the forest (a column and one of its thresholds) is
// computed once, as a set of the rows that go right. A tree is then nothing but
// set algebra: from the set of all rows at its root, each split sends S & test
// to the right and the rest to the left, so that every row ends in the set of
// one leaf. Of these sets the index of the leaf is put together bit by bit, and
// each row adds the value of its leaf: in the order of the trees and in the
// trainer's arithmetic, so that the sums have the trainer's bits. No row takes
// a branch.
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

// Compiled from a forest of one output. Movable bag of values.
struct BitSlicedProgram {
  RankColumns ranks;
  std::vector<simd::BitSlicedTree> trees;
  std::vector<simd::BitSlicedStep> steps;
  size_t max_leaves = 1;
  std::vector<simd::LinearLeaf> linear_leaves;
  std::vector<simd::LinearLeafTerm> terms;
  // Leaf values, those of each tree padded to a power of two and at least 32;
  // one of both is empty.
  std::vector<double> doubles;  // Arithmetic::kLightGbm
  std::vector<float> floats;    // Arithmetic::kXgboost
  float base_margin = 0;
};

// `scopes`: as RankCompiler takes them.
BitSlicedProgram CompileBitSliced(const Forest& forest,
                                  std::span<const FeatureScope> scopes = {});

}  // namespace marquee

#endif  // MARQUEE_CORE_SCORING_BIT_SLICED_PROGRAM_H_
