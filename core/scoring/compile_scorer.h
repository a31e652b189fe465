// Chooses the engine that scores rows with a forest. Compile once when a model
// is loaded; score from any thread.
//
//   MARQUEE_ASSIGN_OR_RETURN(std::unique_ptr<const Scorer> scorer,
//                            CompileScorer(forest));
//   AlignedBuffer<std::byte> scratch(scorer->scratch_bytes());  // per worker
//   scorer->Score(rows, scratch.span(), scores);
#ifndef MARQUEE_CORE_SCORING_COMPILE_SCORER_H_
#define MARQUEE_CORE_SCORING_COMPILE_SCORER_H_

#include <memory>
#include <span>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/forest/forest.h"
#include "core/forest/scorer.h"

namespace marquee {

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

#endif  // MARQUEE_CORE_SCORING_COMPILE_SCORER_H_
