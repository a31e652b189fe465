// Golden scores: rows and the scores that a model gives them, stored beside the
// model. A process that loads the model computes the same scores to the bit, or
// does not serve it.
#ifndef MARQUEE_CORE_SCORING_GOLDEN_SCORES_H_
#define MARQUEE_CORE_SCORING_GOLDEN_SCORES_H_

#include <cstddef>
#include <memory>
#include <span>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/features/feature_matrix.h"
#include "core/files/array_file.h"
#include "core/forest/forest.h"
#include "core/forest/scorer.h"

namespace marquee {

// Writes the arrays `golden_rows`, float32 [rows × features], and
// `golden_scores`, float64 [rows]: probe rows and their scores by the reference
// scorer. Requires: a forest with one output.
void WriteGoldenScores(const std::shared_ptr<const Forest>& forest,
                       ArrayFileWriter& out);

// Scores the golden rows with `score` and compares bits. `features`: the number
// of features of a row; `engine`: the name of the engine, for errors. Errors:
// DataLoss if the arrays are not as WriteGoldenScores writes them for so many
// features; FailedPrecondition, with the first row whose score has other bits
// and both scores.
absl::Status CheckGoldenScores(
    const ArrayFile& file, size_t features, absl::string_view engine,
    absl::FunctionRef<void(const FeatureMatrix&, std::span<double>)> score);

// Checks a scorer in the same way.
absl::Status CheckGoldenScores(const ArrayFile& file, const Scorer& scorer);

}  // namespace marquee

#endif  // MARQUEE_CORE_SCORING_GOLDEN_SCORES_H_
