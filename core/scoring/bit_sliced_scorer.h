// Scores rows by a bit-sliced program (bit_sliced_program.h). CompileScorer
// prefers this engine. RequestScorer runs the same program in the server.
#ifndef MARQUEE_CORE_SCORING_BIT_SLICED_SCORER_H_
#define MARQUEE_CORE_SCORING_BIT_SLICED_SCORER_H_

#include <cstddef>
#include <memory>
#include <span>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/features/feature_matrix.h"
#include "core/forest/forest.h"
#include "core/forest/scorer.h"
#include "core/scoring/bit_sliced_memory.h"
#include "core/scoring/bit_sliced_program.h"
#include "core/simd/bit_sliced_kernel.h"
#include "core/simd/isa.h"

namespace marquee {

// Immutable after construction. Does not need the forest after construction.
class BitSlicedScorer : public Scorer {
 public:
  static constexpr absl::string_view kName = "bit_sliced";

  // Errors: FailedPrecondition, with the number, for a tree of more than 32,768
  // leaves; those of RankCompiler::CheckSupported.
  static absl::Status CheckSupported(const Forest& forest);

  // Requires: a supported forest with one output.
  explicit BitSlicedScorer(const Forest& forest,
                           simd::Isa isa = simd::BestIsa());

  absl::string_view name() const noexcept override { return kName; }
  size_t num_features() const noexcept override { return num_features_; }
  size_t scratch_bytes() const noexcept override { return layout_.bytes(); }
  void Score(const FeatureMatrix& rows, std::span<std::byte> scratch,
             std::span<double> scores) const noexcept override;

 private:
  const BitSlicedProgram program_;
  const BitSlicedLayout layout_;
  const size_t num_features_;
  const simd::BitSlicedKernel kernel_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_SCORING_BIT_SLICED_SCORER_H_
