// Scores rows by walking down the trees, eight independent rows at a time. A
// row reads one split per level, where the bit-sliced engine processes all
// splits of a tree for hundreds of rows at once. Walking pays off for trees of
// some 6,000 leaves or more.
#ifndef MARQUEE_CORE_SCORING_WALK_SCORER_H_
#define MARQUEE_CORE_SCORING_WALK_SCORER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/features/feature_matrix.h"
#include "core/forest/forest.h"
#include "core/forest/scorer.h"
#include "core/scoring/rank_columns.h"

namespace marquee {

// Immutable after construction. Does not need the forest after construction.
class WalkScorer : public Scorer {
 public:
  static constexpr absl::string_view kName = "walk";

  // Errors: those of RankCompiler::CheckSupported; FailedPrecondition, with the
  // number, for linear trees, for some 65,000 columns and categorical splits or
  // more, and for 4 billion nodes or more.
  static absl::Status CheckSupported(const Forest& forest);

  // Requires: a supported forest with one output.
  explicit WalkScorer(const Forest& forest)
      : WalkScorer(forest, RankCompiler(forest)) {}

  absl::string_view name() const noexcept override { return kName; }
  size_t num_features() const noexcept override { return num_features_; }
  size_t scratch_bytes() const noexcept override;
  void Score(const FeatureMatrix& rows, std::span<std::byte> scratch,
             std::span<double> scores) const noexcept override;

 private:
  // A row whose rank in column `column` is above `rank` goes to node child + 1,
  // another row to node `child`. A leaf is its own child, and no rank is above
  // its `rank`.
  struct Node {
    uint16_t column = 0;
    uint16_t rank = 0;
    uint32_t child = 0;
  };
  // Where the ranks of a test are.
  struct Test {
    uint16_t column = 0;
    uint16_t rank = 0;
  };

  WalkScorer(const Forest& forest, const RankCompiler& compiler);
  std::vector<Test> AddColumns();
  void AddTree(const Tree& tree, const RankCompiler& compiler,
               std::span<const Test> tests);
  // Adds the value of the next node.
  void AddValue(double value);
  template <typename Value>
  void AddTrees(std::span<const Value> values, Value base,
                const uint16_t* ranks, size_t rows,
                std::span<double> scores) const noexcept;
  // ranks: [count × columns], row-major, of the first `count` rows of a block.
  void RankBlock(const FeatureMatrix& rows, size_t block, size_t count,
                 uint16_t* ranks) const noexcept;

  const RankColumns ranks_;
  const size_t num_features_;
  const Arithmetic arithmetic_;
  const float base_margin_;
  // The columns of `ranks_`; for a categorical one, a column of 0 and 1 for
  // each of its tests instead.
  size_t columns_ = 0;
  std::vector<Node> nodes_;
  std::vector<uint32_t> roots_;
  // [nodes]; one of the two is empty.
  std::vector<double> doubles_;  // Arithmetic::kLightGbm
  std::vector<float> floats_;    // Arithmetic::kXgboost
};

}  // namespace marquee

#endif  // MARQUEE_CORE_SCORING_WALK_SCORER_H_
