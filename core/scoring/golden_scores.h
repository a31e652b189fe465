// Rows with the scores that a model gives them, stored beside the model:
// whoever loads it computes the same, or does not serve it.
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

// The arrays `golden_rows`, float32 [rows × features], and `golden_scores`,
// float64 [rows]: probe rows and what the reference scorer gives them.
// Requires: a forest of one output.
void WriteGoldenScores(const std::shared_ptr<const Forest>& forest,
                       ArrayFileWriter& out);

// `score` computes the scores of rows of `features` features; `engine` is its
// name. Errors: DataLoss when the arrays are not those that are written for so
// many features; FailedPrecondition that names the first row whose score has
// other bits, and both scores.
absl::Status CheckGoldenScores(
    const ArrayFile& file, size_t features, absl::string_view engine,
    absl::FunctionRef<void(const FeatureMatrix&, std::span<double>)> score);

// The same of a scorer.
absl::Status CheckGoldenScores(const ArrayFile& file, const Scorer& scorer);

}  // namespace marquee

#endif  // MARQUEE_CORE_SCORING_GOLDEN_SCORES_H_
