// Scores the candidates of one request. Most of a row is known before: features
// that depend on the item alone were ranked when the snapshot was built, and
// features that are the same for all candidates are ranked once. Only the rest
// is searched among the thresholds for each candidate.
//
//   MARQUEE_ASSIGN_OR_RETURN(
//       const std::unique_ptr<const RequestScorer> scorer,
//       RequestScorer::Create(forest, scopes));
//   AlignedBuffer<std::byte> scratch(scorer->scratch_bytes());  // per worker
//   scorer->Score({.matrix = matrix, .request = shared, .items = rows},
//                 item_ranks, scratch.span(), scores);
#ifndef MARQUEE_CORE_SCORING_REQUEST_SCORER_H_
#define MARQUEE_CORE_SCORING_REQUEST_SCORER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/ids.h"
#include "core/features/feature_matrix.h"
#include "core/features/feature_scope.h"
#include "core/forest/forest.h"
#include "core/scoring/bit_sliced_memory.h"
#include "core/scoring/bit_sliced_program.h"
#include "core/scoring/item_ranks.h"
#include "core/simd/bit_sliced_kernel.h"
#include "core/simd/isa.h"

namespace marquee {

// The features of the candidates of a request.
struct RequestRows {
  // The features of scope kRow; other columns are not read.
  const FeatureMatrix& matrix;
  // [features], those of scope kRequest; others are not read.
  std::span<const float> request;
  // [rows]
  std::span<const ItemRow> items;
};

// Gives the same bits as every Scorer for the same values. Immutable after
// construction. Does not need the forest after construction.
class RequestScorer {
 public:
  // `scopes`: [features]. Errors: those of BitSlicedScorer::CheckSupported;
  // FailedPrecondition for linear trees, because their leaves read the values
  // themselves.
  static absl::StatusOr<std::unique_ptr<const RequestScorer>> Create(
      const Forest& forest, std::span<const FeatureScope> scopes,
      simd::Isa isa = simd::BestIsa());

  const ItemRankLayout& item_layout() const { return item_layout_; }
  // Computes the ranks of one item. `values`: [features], of which only those
  // of scope kItem are read; `ranks`: [item_layout().bytes].
  void RankItem(std::span<const float> values,
                std::span<uint8_t> ranks) const noexcept;

  size_t scratch_bytes() const noexcept { return layout_.bytes(); }
  // scores[i] = the raw score of row i, as Scorer::Score. Requires: `items` has
  // this layout and includes every item of the rows; and the requirements of
  // Scorer::Score. Allocates nothing.
  void Score(const RequestRows& rows, const ItemRanks& items,
             std::span<std::byte> scratch,
             std::span<double> scores) const noexcept;

  // Scores rows whose values are all in the matrix, each as the only candidate
  // of a request. For checks; slow.
  void ScoreRows(const FeatureMatrix& rows, std::span<double> scores) const;

 private:
  RequestScorer(BitSlicedProgram program, size_t num_features,
                simd::BitSlicedKernel kernel);
  void RankRequest(std::span<const float> values,
                   std::span<uint16_t> ranks) const noexcept;
  void GatherItems(std::span<const ItemRow> rows, const ItemRanks& items,
                   uint8_t* out) const noexcept;

  const BitSlicedProgram program_;
  const BitSlicedLayout layout_;
  const ItemRankLayout item_layout_;
  const size_t num_features_;
  const simd::BitSlicedKernel kernel_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_SCORING_REQUEST_SCORER_H_
