// The interface of every engine that scores rows with a forest, and the list of
// the engines. Compile once when a model is loaded; score from any thread.
//
//   MARQUEE_ASSIGN_OR_RETURN(std::unique_ptr<const Scorer> scorer,
//                            CompileScorer(forest));
//   AlignedBuffer<std::byte> scratch(scorer->scratch_bytes());  // per worker
//   scorer->Score(rows, scratch.span(), scores);
#ifndef MARQUEE_CORE_RANKING_SCORER_H_
#define MARQUEE_CORE_RANKING_SCORER_H_

#include <cstddef>
#include <memory>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/feature_matrix.h"
#include "core/ranking/forest.h"

namespace marquee {

// Immutable after construction. All engines give the same bits.
class Scorer {
 public:
  virtual ~Scorer() = default;

  // The name in ScorerNames.
  virtual absl::string_view name() const noexcept = 0;

  // Features that a row must have; later ones are ignored.
  virtual size_t num_features() const noexcept = 0;

  // Scratch memory that Score needs, the same for any number of rows.
  virtual size_t scratch_bytes() const noexcept = 0;

  // scores[i] = the raw score of row i: the sum before averaging and before
  // the objective's transform, which would not change the order. A float32 sum
  // is widened. Requires: rows.features() >= num_features(), scores.size() ==
  // rows.rows(), scratch of scratch_bytes() or more on a 64-byte boundary that
  // no other thread uses. Allocates nothing.
  virtual void Score(const FeatureMatrix& rows, std::span<std::byte> scratch,
                     std::span<double> scores) const noexcept = 0;
};

// A ranker needs one score a row. Errors: FailedPrecondition for a forest of
// several outputs.
absl::Status CheckSingleOutput(const Forest& forest);

// The engines, the preferred first.
std::span<const absl::string_view> ScorerNames();

// Compiles the forest for the engine of that name; when it is empty, for the
// first of ScorerNames that can score it and is meant for trees of its size;
// the reference can score all.
// Errors: as CheckSingleOutput; FailedPrecondition when the named engine can
// not; NotFound for an unknown name, with the names there are.
absl::StatusOr<std::unique_ptr<const Scorer>> CompileScorer(
    std::shared_ptr<const Forest> forest, absl::string_view name = "");

}  // namespace marquee

#endif  // MARQUEE_CORE_RANKING_SCORER_H_
