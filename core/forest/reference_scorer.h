// The slow, obvious scorer. It walks one tree after another for one row after
// another, in the trainer's arithmetic. It is the oracle in the tests of every
// other engine, and `marquee score` uses it. Not for the path of a request.
#ifndef MARQUEE_CORE_FOREST_REFERENCE_SCORER_H_
#define MARQUEE_CORE_FOREST_REFERENCE_SCORER_H_

#include <cstddef>
#include <memory>
#include <span>
#include <utility>

#include "absl/strings/string_view.h"
#include "core/features/feature_matrix.h"
#include "core/forest/forest.h"
#include "core/forest/scorer.h"

namespace marquee {

// Immutable after construction; keeps the forest alive.
class ReferenceScorer : public Scorer {
 public:
  static constexpr absl::string_view kName = "reference";

  // Accepts forests with any number of outputs. Score computes output 0 only,
  // ScoreRow all outputs.
  static std::unique_ptr<const ReferenceScorer> Create(
      std::shared_ptr<const Forest> forest) {
    return std::unique_ptr<const ReferenceScorer>(
        new ReferenceScorer(std::move(forest)));
  }

  absl::string_view name() const noexcept override { return kName; }
  size_t num_features() const noexcept override {
    return forest_->num_features();
  }
  size_t scratch_bytes() const noexcept override { return 0; }
  // If the forest has several outputs, scores[i] is output 0.
  void Score(const FeatureMatrix& rows, std::span<std::byte> scratch,
             std::span<double> scores) const noexcept override;

  // outputs[k] = the raw score of output k. Requires: row.size() >=
  // num_features(), outputs.size() == the forest's outputs.
  void ScoreRow(std::span<const double> row,
                std::span<double> outputs) const noexcept;

  const Forest& forest() const { return *forest_; }

 private:
  explicit ReferenceScorer(std::shared_ptr<const Forest> forest)
      : forest_(std::move(forest)) {}

  const std::shared_ptr<const Forest> forest_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_FOREST_REFERENCE_SCORER_H_
