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
#ifndef MARQUEE_CORE_RANKING_BIT_SLICED_PROGRAM_H_
#define MARQUEE_CORE_RANKING_BIT_SLICED_PROGRAM_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/feature_scope.h"
#include "core/ranking/forest.h"
#include "core/ranking/rank_columns.h"

namespace marquee {

// Of the rows in slot i of a tree, those of the test go to one slot, the others
// to another. Slots 0 to splits − 1 are the splits, parents first; from there
// on the leaves.
struct BitSlicedStep {
  uint32_t test = 0;
  uint16_t left = 0;
  uint16_t right = 0;
};

struct BitSlicedTree {
  static constexpr uint32_t kNotLinear = 0xffffffff;

  uint32_t first_step = 0;
  uint32_t leaves = 1;  // one more than steps
  uint32_t first_value = 0;
  uint32_t first_linear_leaf = kNotLinear;
};

// A leaf of a linear tree, in the order of its values; see Tree.
struct LinearLeaf {
  double constant = 0;
  uint32_t first_term = 0;
  uint32_t end_term = 0;
};

// Compiled from a forest of one output. Movable bag of values.
struct BitSlicedProgram {
  RankColumns ranks;
  std::vector<BitSlicedTree> trees;
  std::vector<BitSlicedStep> steps;
  size_t max_leaves = 1;
  std::vector<LinearLeaf> linear_leaves;
  std::vector<LinearTerm> terms;
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

#endif  // MARQUEE_CORE_RANKING_BIT_SLICED_PROGRAM_H_
