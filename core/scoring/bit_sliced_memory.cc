#include "core/scoring/bit_sliced_memory.h"

#include "core/base/aligned_buffer.h"

namespace marquee {

simd::BitSlicedView ViewOf(const BitSlicedProgram& program) {
  return {.columns = program.ranks.columns.data(),
          .column_count = program.ranks.columns.size(),
          .keys = program.ranks.keys.data(),
          .sets = program.ranks.sets.data(),
          .trees = program.trees.data(),
          .tree_count = program.trees.size(),
          .steps = program.steps.data(),
          .doubles = program.doubles.empty() ? nullptr : program.doubles.data(),
          .floats = program.floats.data(),
          .linear_leaves = program.linear_leaves.data(),
          .terms = program.terms.data(),
          .base_margin = program.base_margin};
}

// Places one array after another, each on whole cache lines.
BitSlicedLayout::BitSlicedLayout(const BitSlicedProgram& program)
    : columns_(program.ranks.columns.size()) {
  size_t next = 0;
  const auto place = [&](size_t bytes) {
    const size_t at = next;
    next += (bytes + kCacheLine - 1) / kCacheLine * kCacheLine;
    return at;
  };
  constexpr size_t kSet = simd::kSetWords * sizeof(uint64_t);
  tests_ = place(program.ranks.tests * kSet);
  // The spare sets pad the leaves to a multiple of eight
  // (bit_sliced_trees.inc).
  slots_ = place((2 * program.max_leaves + simd::kSpareSlots) * kSet);
  slot_bytes_ = next - slots_;
  place(slot_bytes_);
  planes_ = place(simd::kRankBits * kSet);
  missing_ = place(kSet);
  ranks_ = place(kKernelRows * sizeof(uint16_t));
  leaves_ = place(kKernelRows * sizeof(uint16_t));
  sums_ = place(kKernelRows * sizeof(double));
  float_sums_ = place(kKernelRows * sizeof(float));
  request_ranks_ = place(columns_ * sizeof(uint16_t));
  item_ranks_ = place(kKernelRows * program.ranks.item_bytes);
  end_ = next;
}

simd::BitSlicedScratch BitSlicedLayout::In(std::span<std::byte> memory) const {
  const auto at = [&](size_t offset) { return memory.data() + offset; };
  return {.tests = reinterpret_cast<uint64_t*>(at(tests_)),
          .slots = {reinterpret_cast<uint64_t*>(at(slots_)),
                    reinterpret_cast<uint64_t*>(at(slots_ + slot_bytes_))},
          .planes = reinterpret_cast<uint64_t*>(at(planes_)),
          .missing = reinterpret_cast<uint64_t*>(at(missing_)),
          .ranks = reinterpret_cast<uint16_t*>(at(ranks_)),
          .leaves = reinterpret_cast<uint16_t*>(at(leaves_)),
          .sums = reinterpret_cast<double*>(at(sums_)),
          .float_sums = reinterpret_cast<float*>(at(float_sums_))};
}

std::span<uint16_t> BitSlicedLayout::RequestRanks(
    std::span<std::byte> memory) const {
  return {reinterpret_cast<uint16_t*>(memory.data() + request_ranks_),
          columns_};
}

uint8_t* BitSlicedLayout::ItemRanks(std::span<std::byte> memory) const {
  return reinterpret_cast<uint8_t*>(memory.data() + item_ranks_);
}

}  // namespace marquee
