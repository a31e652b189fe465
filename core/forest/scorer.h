// The interface of all engines that score rows with a forest.
// reference_scorer.h defines what scoring means; the other engines are in
// core/scoring.
#ifndef MARQUEE_CORE_FOREST_SCORER_H_
#define MARQUEE_CORE_FOREST_SCORER_H_

#include <cstddef>
#include <span>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/features/feature_matrix.h"
#include "core/forest/forest.h"

namespace marquee {

// Immutable after construction. All engines give the same bits.
class Scorer {
 public:
  virtual ~Scorer() = default;

  // One of ScorerNames (core/scoring/compile_scorer.h).
  virtual absl::string_view name() const noexcept = 0;

  // The number of features that a row must have. Further ones are ignored.
  virtual size_t num_features() const noexcept = 0;

  // Bytes of scratch memory that Score needs, the same for any number of rows.
  virtual size_t scratch_bytes() const noexcept = 0;

  // scores[i] = the raw score of row i: the sum before averaging and before the
  // objective's transform, neither of which would change the order. A float32
  // sum is widened. Requires: rows.features() >= num_features(); scores.size()
  // == rows.rows(); `scratch` of at least scratch_bytes() bytes on a 64-byte
  // boundary, which no other thread uses. Allocates nothing.
  virtual void Score(const FeatureMatrix& rows, std::span<std::byte> scratch,
                     std::span<double> scores) const noexcept = 0;
};

// A ranker needs one score per row. Errors: FailedPrecondition for a forest
// with several outputs.
absl::Status CheckSingleOutput(const Forest& forest);

}  // namespace marquee

#endif  // MARQUEE_CORE_FOREST_SCORER_H_
