// The features of a forest as ranks: of every feature the place of its value
// among the thresholds of the forest, which is all that a split asks about.
//
// Ranks are exact. Of float32 values, x <= t and x <= the largest float32 that
// is not above t are the same, and float32 is what a feature matrix holds. With
// the thresholds of a column sorted, x has the rank #{thresholds that x does
// not go left of}, and goes right of threshold k exactly when its rank is above
// k. Ranks are found by comparing integers in the order of float32.
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

// The columns of a forest and its distinct tests, which are numbered column by
// column. Movable bag of values.
struct RankColumns {
  std::vector<simd::RankColumn> columns;
  std::vector<int32_t> keys;
  std::vector<uint32_t> sets;
  size_t tests = 0;
  size_t item_bytes = 0;  // of all columns of source kItem
};

// A number in the order of float32: key(a) < key(b) exactly when a < b, for all
// but NaN and with −0 taken as 0.
int32_t OrderKey(float value) noexcept;

// The rank of a value in a column: the number of keys below OrderKey(value) for
// one that is not missing. At most LargestRank. Kernels find those of rows.
uint32_t RankOf(const RankColumns& ranks, const simd::RankColumn& column,
                float value) noexcept;
uint32_t LargestRank(const simd::RankColumn& column) noexcept;

// Collects the columns of a forest, which must outlive it. Immutable after
// construction.
class RankCompiler {
 public:
  // Errors: FailedPrecondition, with the number, for a feature of some 65,000
  // different thresholds and categories or more, and for categorical splits
  // whose sets of ranks need more than 64 MB, or 4 GB were none like another.
  // Takes as long as a construction.
  static absl::Status CheckSupported(const Forest& forest);

  // `scopes`: [features]; empty: all kRow. Requires: a supported forest.
  explicit RankCompiler(const Forest& forest,
                        std::span<const FeatureScope> scopes = {});

  const RankColumns& ranks() const { return ranks_; }
  // The test of a split of the forest.
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
    // Of a categorical one, by the ranks that go right.
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
