#include "core/ranking/bit_sliced_scorer.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"

namespace marquee {
namespace {

constexpr size_t kRows = kWordRows * kSetWords;

constexpr size_t WholeLines(size_t bytes) {
  return (bytes + kCacheLine - 1) / kCacheLine * kCacheLine;
}

// Of one array after another.
struct Layout {
  explicit Layout(const BitSlicedProgram& program) {
    const size_t set = kSetWords * sizeof(uint64_t);
    tests = 0;
    slots = tests + program.tests * set;
    ranks = slots + 2 * program.max_leaves * set;
    leaves = ranks + WholeLines(kRows * sizeof(uint16_t));
    sums = leaves + WholeLines(kRows * sizeof(uint16_t));
    float_sums = sums + kRows * sizeof(double);
    end = float_sums + kRows * sizeof(float);
  }
  size_t tests, slots, ranks, leaves, sums, float_sums, end;  // bytes
};

}  // namespace

absl::Status BitSlicedScorer::CheckSupported(const Forest& forest) {
  // Ranks and leaves are numbers of 16 bits.
  constexpr size_t kMost = std::numeric_limits<uint16_t>::max();
  std::vector<size_t> splits(forest.num_features(), 0);
  for (const Tree& tree : forest.trees()) {
    if (tree.leaf_values.size() > kMost) {
      return absl::FailedPreconditionError(
          absl::StrCat("a tree has ", tree.leaf_values.size(), " leaves; '",
                       kName, "' takes at most ", kMost));
    }
    for (const Split& split : tree.splits) ++splits[split.feature];
  }
  // At most as many thresholds; models that come near this are rare.
  for (size_t feature = 0; feature < splits.size(); ++feature) {
    if (splits[feature] > kMost) {
      return absl::FailedPreconditionError(
          absl::StrCat("feature ", feature, " has ", splits[feature],
                       " splits; '", kName, "' takes at most ", kMost));
    }
  }
  return absl::OkStatus();
}

BitSlicedScorer::BitSlicedScorer(const Forest& forest, simd::Isa isa)
    : program_(CompileBitSliced(forest)),
      num_features_(forest.num_features()),
      kernel_(BitSlicedKernelFor(isa)) {}

size_t BitSlicedScorer::scratch_bytes() const noexcept {
  return Layout(program_).end;
}

void BitSlicedScorer::Score(const FeatureMatrix& rows,
                            std::span<std::byte> scratch,
                            std::span<double> scores) const noexcept {
  const Layout layout(program_);
  MARQUEE_CHECK(rows.features() >= num_features_);
  MARQUEE_CHECK(rows.rows() == scores.size());
  MARQUEE_CHECK(scratch.size() >= layout.end);
  const BitSlicedView view = {
      .columns = program_.columns.data(),
      .column_count = program_.columns.size(),
      .keys = program_.keys.data(),
      .trees = program_.trees.data(),
      .tree_count = program_.trees.size(),
      .steps = program_.steps.data(),
      .doubles = program_.doubles.empty() ? nullptr : program_.doubles.data(),
      .floats = program_.floats.data(),
      .base_margin = program_.base_margin};
  const auto at = [&](size_t offset) { return scratch.data() + offset; };
  const BitSlicedScratch memory = {
      .tests = reinterpret_cast<uint64_t*>(at(layout.tests)),
      .slots = reinterpret_cast<uint64_t*>(at(layout.slots)),
      .ranks = reinterpret_cast<uint16_t*>(at(layout.ranks)),
      .leaves = reinterpret_cast<uint16_t*>(at(layout.leaves)),
      .sums = reinterpret_cast<double*>(at(layout.sums)),
      .float_sums = reinterpret_cast<float*>(at(layout.float_sums))};
  for (size_t block = 0; block < rows.blocks(); block += kSetWords) {
    const size_t blocks = std::min(kSetWords, rows.blocks() - block);
    kernel_(view, rows.Column(block, 0), rows.features(), blocks, memory);
    const size_t first = block * kWordRows;
    std::copy_n(memory.sums,
                std::min(blocks * kWordRows, scores.size() - first),
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
