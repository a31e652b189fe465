#include "tests/fuzz/forest_check.h"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/base/aligned_buffer.h"
#include "core/base/check.h"
#include "core/features/feature_matrix.h"
#include "core/forest/reference_scorer.h"
#include "core/forest/transform.h"
#include "core/scoring/bit_sliced_scorer.h"
#include "core/scoring/probe_rows.h"
#include "core/scoring/walk_scorer.h"
#include "core/simd/isa.h"

namespace marquee {
namespace {

// So that an input takes little time.
constexpr size_t kMostFeatures = 64;
constexpr size_t kRows = 70;

std::vector<uint64_t> Bits(const Scorer& scorer, const FeatureMatrix& rows) {
  AlignedBuffer<std::byte> scratch(scorer.scratch_bytes());
  std::vector<double> scores(rows.rows());
  scorer.Score(rows, scratch.span(), scores);
  std::vector<uint64_t> bits;
  for (const double score : scores) {
    bits.push_back(
        std::bit_cast<uint64_t>(std::isnan(score) ? std::nan("") : score));
  }
  return bits;
}

}  // namespace

void CheckImported(absl::StatusOr<std::unique_ptr<const Forest>> imported) {
  if (!imported.ok()) {
    MARQUEE_CHECK(!imported.status().message().empty());
    return;
  }
  const std::shared_ptr<const Forest> forest = *std::move(imported);
  if (forest->num_features() > kMostFeatures) return;
  const FeatureMatrix rows = MakeProbeRows(*forest, kRows);
  const auto reference = ReferenceScorer::Create(forest);
  std::vector<double> row(forest->num_features());
  std::vector<double> outputs(forest->num_outputs());
  for (size_t f = 0; f < row.size(); ++f) row[f] = rows.At(0, f);
  reference->ScoreRow(row, outputs);
  ApplyTransform(*forest, outputs);
  if (!CheckSingleOutput(*forest).ok()) return;
  const std::vector<uint64_t> want = Bits(*reference, rows);
  if (WalkScorer::CheckSupported(*forest).ok()) {
    MARQUEE_CHECK(Bits(WalkScorer(*forest), rows) == want);
  }
  if (!BitSlicedScorer::CheckSupported(*forest).ok()) return;
  for (const simd::Isa isa : simd::SupportedIsas()) {
    MARQUEE_CHECK(Bits(BitSlicedScorer(*forest, isa), rows) == want);
  }
}

}  // namespace marquee
