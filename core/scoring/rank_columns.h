// The features of a forest as ranks. The rank of a value is its place among the
// forest's thresholds for the feature; a split needs nothing else.
//
// Ranks are exact. A feature matrix holds float32 values. For a float32 x and a
// double threshold t, x <= t holds exactly when x <= the largest float32 that
// is not above t. Sort the thresholds of a column. The rank of x is the number
// of thresholds for which x goes right. Then x goes right at threshold k,
// counted from 0, exactly when its rank is above k. Ranks are found by
// comparing integers in the order of float32 (OrderKey).
//
// A column is a feature with one rule and one default for missing values, or a
// feature as categories. In a numerical column, a missing value has the rank 0
// if it goes left and the largest rank if it goes right. A categorical column
// has two keys per category, where its numbers begin and end. Its tests are
// sets of ranks, with one bit per rank and one for missing values.
#ifndef MARQUEE_CORE_SCORING_RANK_COLUMNS_H_
#define MARQUEE_CORE_SCORING_RANK_COLUMNS_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "core/features/feature_scope.h"
#include "core/forest/forest.h"
#include "core/simd/bit_sliced_kernel.h"

namespace marquee {

// The columns of a forest and its distinct tests. Tests are numbered column by
// column. Movable bag of values.
struct RankColumns {
  std::vector<simd::RankColumn> columns;
  std::vector<int32_t> keys;
  std::vector<uint32_t> sets;
  size_t tests = 0;
  size_t item_bytes = 0;  // of all columns of source kItem
};

// Returns a number in the order of float32: key(a) < key(b) exactly when a < b,
// for all values but NaN. −0 counts as 0.
int32_t OrderKey(float value) noexcept;

// Returns the rank of a value in a column, at most LargestRank: the number of
// keys below OrderKey(value), or the column's rank for missing values. Kernels
// compute the ranks of rows; this is for single values.
uint32_t RankOf(const RankColumns& ranks, const simd::RankColumn& column,
                float value) noexcept;
uint32_t LargestRank(const simd::RankColumn& column) noexcept;

// Collects the columns of a forest, which must outlive the compiler. Immutable
// after construction.
class RankCompiler {
 public:
  // Errors: FailedPrecondition, with the number, for a feature with some 65,000
  // different thresholds and ends of categories or more, and for categorical
  // splits whose sets of ranks take more than 64 MB, or more than 4 GB before
  // equal sets are merged. Takes as long as a construction.
  static absl::Status CheckSupported(const Forest& forest);

  // `scopes`: [features]; empty: all kRow. Requires: a supported forest.
  explicit RankCompiler(const Forest& forest,
                        std::span<const FeatureScope> scopes = {});

  const RankColumns& ranks() const { return ranks_; }
  // Returns the number of the test of a split of the forest.
  uint32_t TestOf(const Tree& tree, const Split& split) const;

 private:
  struct ColumnId {
    uint32_t feature;
    MissingRule missing;
    bool default_left;
    bool is_categorical;
    auto operator<=>(const ColumnId&) const = default;
  };
  struct ColumnPlan {
    std::vector<int32_t> keys;  // ascending, each once
    uint32_t first_test = 0;
    // Of a categorical column: the test by its set of ranks that go right.
    std::map<std::vector<uint32_t>, uint32_t> tests;
  };

  struct Unchecked {};
  RankCompiler(const Forest& forest, Unchecked) : forest_(forest) {}
  static ColumnId ColumnOf(const Split& split);
  absl::Status CollectKeys();
  absl::Status CollectSets();
  std::vector<uint32_t> RanksToTheRight(const Tree& tree, const Split& split,
                                        const ColumnPlan& plan) const;
  void AddColumn(const ColumnId& id, FeatureScope scope, ColumnPlan& plan);
  void AddKeys(const std::vector<int32_t>& ascending, uint32_t levels);

  const Forest& forest_;
  std::map<ColumnId, ColumnPlan> plans_;
  RankColumns ranks_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_SCORING_RANK_COLUMNS_H_
