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
    slots = tests + WholeLines(program.tests * set);
    slots_size = WholeLines((2 * program.max_leaves + kSpareSlots) * set);
    planes = slots + 2 * slots_size;
    missing = planes + WholeLines(kRankBits * set);
    ranks = missing + WholeLines(set);
    leaves = ranks + WholeLines(kRows * sizeof(uint16_t));
    sums = leaves + WholeLines(kRows * sizeof(uint16_t));
    float_sums = sums + kRows * sizeof(double);
    end = float_sums + kRows * sizeof(float);
  }
  size_t tests, slots, slots_size, planes, missing, ranks, leaves, sums,
      float_sums, end;  // bytes
};

}  // namespace

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
      .sets = program_.sets.data(),
      .trees = program_.trees.data(),
      .tree_count = program_.trees.size(),
      .steps = program_.steps.data(),
      .doubles = program_.doubles.empty() ? nullptr : program_.doubles.data(),
      .floats = program_.floats.data(),
      .linear_leaves = program_.linear_leaves.data(),
      .terms = program_.terms.data(),
      .base_margin = program_.base_margin};
  const auto at = [&](size_t offset) { return scratch.data() + offset; };
  const BitSlicedScratch memory = {
      .tests = reinterpret_cast<uint64_t*>(at(layout.tests)),
      .slots = {reinterpret_cast<uint64_t*>(at(layout.slots)),
                reinterpret_cast<uint64_t*>(
                    at(layout.slots + layout.slots_size))},
      .planes = reinterpret_cast<uint64_t*>(at(layout.planes)),
      .missing = reinterpret_cast<uint64_t*>(at(layout.missing)),
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
