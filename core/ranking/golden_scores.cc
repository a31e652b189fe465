#include "core/ranking/golden_scores.h"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/aligned_buffer.h"
#include "core/base/feature_matrix.h"
#include "core/base/status_macros.h"
#include "core/ranking/probe_rows.h"
#include "core/ranking/reference_scorer.h"

namespace marquee {
namespace {

// More than one kernel takes at once, and not a whole block more.
constexpr size_t kGoldenRows = 300;
constexpr char kRows[] = "golden_rows";
constexpr char kScores[] = "golden_scores";

std::vector<double> ScoresOf(const Scorer& scorer, const FeatureMatrix& rows) {
  AlignedBuffer<std::byte> scratch(scorer.scratch_bytes());
  std::vector<double> scores(rows.rows());
  scorer.Score(rows, scratch.span(), scores);
  return scores;
}

// One NaN of a linear tree is as good as another.
bool SameBits(double a, double b) {
  return std::bit_cast<uint64_t>(a) == std::bit_cast<uint64_t>(b) ||
         (std::isnan(a) && std::isnan(b));
}

}  // namespace

void WriteGoldenScores(const std::shared_ptr<const Forest>& forest,
                       ArrayFileWriter& out) {
  const FeatureMatrix rows = MakeProbeRows(*forest, kGoldenRows);
  std::vector<float> values;
  for (size_t row = 0; row < rows.rows(); ++row) {
    for (size_t f = 0; f < rows.features(); ++f) {
      values.push_back(rows.At(row, f));
    }
  }
  out.Add<float>(kRows, values);
  out.Add<double>(kScores, ScoresOf(*ReferenceScorer::Create(forest), rows));
}

absl::Status CheckGoldenScores(const ArrayFile& file, const Scorer& scorer) {
  MARQUEE_ASSIGN_OR_RETURN(const std::span<const float> values,
                           file.Array<float>(kRows));
  MARQUEE_ASSIGN_OR_RETURN(const std::span<const double> scores,
                           file.Array<double>(kScores));
  const size_t features = scorer.num_features();
  if (scores.empty() || values.size() != scores.size() * features) {
    return absl::DataLossError(absl::StrCat(
        file.name(), ": array '", kRows, "': has ", values.size(),
        " values, not ", features, " for each of ", scores.size(), " scores"));
  }
  FeatureMatrix rows(scores.size(), features);
  rows.SetRows(scores.size());
  for (size_t i = 0; i < values.size(); ++i) {
    rows.At(i / features, i % features) = values[i];
  }
  const std::vector<double> computed = ScoresOf(scorer, rows);
  for (size_t row = 0; row < scores.size(); ++row) {
    if (SameBits(computed[row], scores[row])) continue;
    return absl::FailedPreconditionError(absl::StrFormat(
        "%s: golden row %d: engine '%s' gives %.17g instead of %.17g: this "
        "program does not compute what the builder of the snapshot did",
        file.name(), row, scorer.name(), computed[row], scores[row]));
  }
  return absl::OkStatus();
}

}  // namespace marquee
