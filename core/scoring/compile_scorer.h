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

// The names of the engines, the preferred one first.
std::span<const absl::string_view> ScorerNames();

// Compiles the forest for the engine with this name. An empty name selects the
// first of ScorerNames that supports the forest and suits the size of its
// trees; the reference scorer supports every forest. Errors: as
// CheckSingleOutput; FailedPrecondition if the named engine does not support
// the forest; NotFound for an unknown name, with the known names.
absl::StatusOr<std::unique_ptr<const Scorer>> CompileScorer(
    std::shared_ptr<const Forest> forest, absl::string_view name = "");

}  // namespace marquee

#endif  // MARQUEE_CORE_SCORING_COMPILE_SCORER_H_
