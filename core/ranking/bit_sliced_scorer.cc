#include "core/ranking/bit_sliced_scorer.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"

namespace marquee {

absl::Status BitSlicedScorer::CheckSupported(const Forest& forest) {
  // Ranks are numbers of 16 bits, and so are the slots of splits and leaves.
  constexpr size_t kMost = std::numeric_limits<uint16_t>::max();
  constexpr size_t kMostLeaves = size_t{1} << 15;
  // Of the sets of ranks, one for each categorical split at most.
  constexpr size_t kMostSetBytes = size_t{1} << 26;
  struct Counts {
    size_t ranks = 0;  // at most
    size_t sets = 0;
  };
  std::vector<Counts> features(forest.num_features());
  for (const Tree& tree : forest.trees()) {
    if (tree.leaves() > kMostLeaves) {
      return absl::FailedPreconditionError(
          absl::StrCat("a tree has ", tree.leaves(), " leaves; '", kName,
                       "' takes at most ", kMostLeaves));
    }
    for (const Split& split : tree.splits) {
      features[split.feature].ranks += 1 + 2 * size_t{split.category_count};
      features[split.feature].sets += split.is_categorical ? 1 : 0;
    }
  }
  size_t set_bytes = 0;
  for (size_t f = 0; f < features.size(); ++f) {
    if (features[f].ranks >= kMost) {
      return absl::FailedPreconditionError(absl::StrCat(
          "feature ", f, " has ", features[f].ranks,
          " splits and categories; '", kName, "' takes less than ", kMost));
    }
    set_bytes += features[f].sets * (features[f].ranks / 8 + kCacheLine);
  }
  if (set_bytes > kMostSetBytes) {
    return absl::FailedPreconditionError(
        absl::StrCat("categorical splits need ", set_bytes, " bytes; '", kName,
                     "' takes at most ", kMostSetBytes));
  }
  return absl::OkStatus();
}

BitSlicedScorer::BitSlicedScorer(const Forest& forest, simd::Isa isa)
    : program_(CompileBitSliced(forest)),
      layout_(program_),
      num_features_(forest.num_features()),
      kernel_(BitSlicedKernelFor(isa)) {}

void BitSlicedScorer::Score(const FeatureMatrix& rows,
                            std::span<std::byte> scratch,
                            std::span<double> scores) const noexcept {
  MARQUEE_CHECK(rows.features() >= num_features_);
  MARQUEE_CHECK(rows.rows() == scores.size());
  MARQUEE_CHECK(scratch.size() >= layout_.bytes());
  const BitSlicedView view = ViewOf(program_);
  const BitSlicedScratch memory = layout_.In(scratch);
  for (size_t first = 0; first < scores.size(); first += kKernelRows) {
    const size_t count = std::min(kKernelRows, scores.size() - first);
    const BitSlicedRows some = {.matrix = rows.Column(first / kWordRows, 0),
                                .features = rows.features(),
                                .blocks = (count + kWordRows - 1) / kWordRows,
                                .request_ranks = nullptr,
                                .item_ranks = nullptr,
                                .item_bytes = 0};
    kernel_(view, some, memory);
    std::copy_n(memory.sums, count,
                scores.begin() + static_cast<ptrdiff_t>(first));
  }
}

BitSlicedKernel BitSlicedKernelFor(simd::Isa isa) {
  switch (isa) {
#if defined(__x86_64__)
    case simd::Isa::kAvx2:
      return RunBitSlicedAvx2;
    case simd::Isa::kAvx512:
      return RunBitSlicedAvx512;
#endif
    default:
      return RunBitSlicedPortable;
  }
}

}  // namespace marquee
