#include "core/scoring/golden_scores.h"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/aligned_buffer.h"
#include "core/base/status_macros.h"
#include "core/features/feature_matrix.h"
#include "core/forest/reference_scorer.h"
#include "core/scoring/probe_rows.h"

namespace marquee {
namespace {

// More rows than one kernel call takes, and not a multiple of a block.
constexpr size_t kGoldenRows = 300;
constexpr char kRows[] = "golden_rows";
constexpr char kScores[] = "golden_scores";

// All NaN of a linear tree count as equal.
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
  std::vector<double> scores(rows.rows());
  ReferenceScorer::Create(forest)->Score(rows, {}, scores);
  out.Add<double>(kScores, scores);
}

absl::Status CheckGoldenScores(
    const ArrayFile& file, size_t features, absl::string_view engine,
    absl::FunctionRef<void(const FeatureMatrix&, std::span<double>)> score) {
  MARQUEE_ASSIGN_OR_RETURN(const std::span<const float> values,
                           file.Array<float>(kRows));
  MARQUEE_ASSIGN_OR_RETURN(const std::span<const double> scores,
                           file.Array<double>(kScores));
  if (scores.size() != kGoldenRows || values.size() != kGoldenRows * features) {
    return absl::DataLossError(absl::StrCat(
        file.name(), ": arrays '", kRows, "' and '", kScores, "': have ",
        values.size(), " values and ", scores.size(), " scores, not ",
        kGoldenRows, " rows of ", features, " values"));
  }
  FeatureMatrix rows(kGoldenRows, features);
  rows.SetRows(kGoldenRows);
  for (size_t i = 0; i < values.size(); ++i) {
    rows.At(i / features, i % features) = values[i];
  }
  std::vector<double> computed(kGoldenRows);
  score(rows, computed);
  for (size_t row = 0; row < scores.size(); ++row) {
    if (SameBits(computed[row], scores[row])) continue;
    return absl::FailedPreconditionError(absl::StrFormat(
        "%s: golden row %d: engine '%s' gives %.17g instead of %.17g: this "
        "program does not compute what the builder of the snapshot did",
        file.name(), row, engine, computed[row], scores[row]));
  }
  return absl::OkStatus();
}

absl::Status CheckGoldenScores(const ArrayFile& file, const Scorer& scorer) {
  AlignedBuffer<std::byte> scratch(scorer.scratch_bytes());
  return CheckGoldenScores(
      file, scorer.num_features(), scorer.name(),
      [&](const FeatureMatrix& rows, std::span<double> scores) {
        scorer.Score(rows, scratch.span(), scores);
      });
}

}  // namespace marquee
