#include "core/scoring/bit_sliced_scorer.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"

namespace marquee {

absl::Status BitSlicedScorer::CheckSupported(const Forest& forest) {
  // Slots of splits and leaves have 16-bit numbers.
  constexpr size_t kMostLeaves = size_t{1} << 15;
  for (const Tree& tree : forest.trees()) {
    if (tree.leaves() > kMostLeaves) {
      return absl::FailedPreconditionError(
          absl::StrCat("a tree has ", tree.leaves(), " leaves; '", kName,
                       "' takes at most ", kMostLeaves));
    }
  }
  return RankCompiler::CheckSupported(forest);
}

BitSlicedScorer::BitSlicedScorer(const Forest& forest, simd::Isa isa)
    : program_(CompileBitSliced(forest)),
      layout_(program_),
      num_features_(forest.num_features()),
      kernel_(simd::BitSlicedKernelFor(isa)) {}

void BitSlicedScorer::Score(const FeatureMatrix& rows,
                            std::span<std::byte> scratch,
                            std::span<double> scores) const noexcept {
  MARQUEE_CHECK(rows.features() >= num_features_);
  MARQUEE_CHECK(rows.rows() == scores.size());
  MARQUEE_CHECK(scratch.size() >= layout_.bytes());
  const simd::BitSlicedView view = ViewOf(program_);
  const simd::BitSlicedScratch memory = layout_.In(scratch);
  for (size_t first = 0; first < scores.size(); first += kKernelRows) {
    const size_t count = std::min(kKernelRows, scores.size() - first);
    const simd::BitSlicedRows some = {
        .matrix = rows.Column(first / simd::kWordRows, 0),
        .features = rows.features(),
        .blocks = (count + simd::kWordRows - 1) / simd::kWordRows,
        .request_ranks = nullptr,
        .item_ranks = nullptr,
        .item_bytes = 0};
    kernel_(view, some, memory);
    std::copy_n(memory.sums, count,
                scores.begin() + static_cast<ptrdiff_t>(first));
  }
}

}  // namespace marquee
