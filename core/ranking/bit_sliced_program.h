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
//
// Tests are exact. Of float32 values, x <= t and x <= the largest float32 that
// is not above t are the same, and float32 is what a feature matrix holds. With
// the thresholds of a column sorted, x has the rank #{thresholds that x does
// not go left of}, and goes right of threshold k exactly when its rank is above
// k. Ranks are found by comparing integers in the order of float32.
#ifndef MARQUEE_CORE_RANKING_BIT_SLICED_PROGRAM_H_
#define MARQUEE_CORE_RANKING_BIT_SLICED_PROGRAM_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/feature_scope.h"
#include "core/ranking/forest.h"

namespace marquee {

// A feature as splits with one rule for missing values read it. Of the
// categorical splits of a feature there is one column: a category c is the
// numbers from c to below c + 1, so ranks tell categories apart too.
struct RankColumn {
  uint32_t feature = 0;
  FeatureScope scope = FeatureScope::kRow;
  MissingRule missing = MissingRule::kNone;
  bool tiny_is_zero = false;  // |x| <= kZeroThreshold
  uint32_t missing_rank = 0;
  // Test t, from first_test on: rank > t, where set_words is 0; else whether
  // bit `rank` of its set is 1.
  uint32_t tests = 0;
  uint32_t first_test = 0;
  uint32_t set_words = 0;  // of 32 bits, a multiple of 16
  uint32_t first_word = 0;
  // The keys of the thresholds as a binary search reads them: level by level,
  // 2^l in level l of key_levels, the last ones INT32_MAX.
  uint32_t first_key = 0;
  uint32_t key_levels = 0;
  // Of scope kItem: where the rank is among the bytes of an item, the low byte
  // first.
  uint32_t item_byte = 0;
  uint32_t item_bytes = 0;  // 1 or 2
};

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
  std::vector<RankColumn> columns;
  std::vector<int32_t> keys;
  std::vector<uint32_t> sets;
  size_t tests = 0;
  size_t item_bytes = 0;  // of all columns of scope kItem
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

// A number in the order of float32: key(a) < key(b) exactly when a < b, for all
// but NaN and with −0 taken as 0.
int32_t OrderKey(float value) noexcept;

// `scopes`: [features]; empty: all kRow.
BitSlicedProgram CompileBitSliced(const Forest& forest,
                                  std::span<const FeatureScope> scopes = {});

// The rank of a value in a column: the number of keys below OrderKey(value) for
// one that is not missing. At most LargestRank. Kernels find those of rows.
uint32_t RankOf(const BitSlicedProgram& program, const RankColumn& column,
                float value) noexcept;
uint32_t LargestRank(const RankColumn& column) noexcept;

}  // namespace marquee

#endif  // MARQUEE_CORE_RANKING_BIT_SLICED_PROGRAM_H_
