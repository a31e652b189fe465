// The scratch memory of the bit-sliced scorers, and how they call a kernel.
#ifndef MARQUEE_CORE_SCORING_BIT_SLICED_MEMORY_H_
#define MARQUEE_CORE_SCORING_BIT_SLICED_MEMORY_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/scoring/bit_sliced_program.h"
#include "core/simd/bit_sliced_kernel.h"

namespace marquee {

// Rows that a kernel scores at once.
inline constexpr size_t kKernelRows = simd::kWordRows * simd::kSetWords;

simd::BitSlicedView ViewOf(const BitSlicedProgram& program);

// Where each array lies in the scratch memory for a program, in bytes. A value.
class BitSlicedLayout {
 public:
  explicit BitSlicedLayout(const BitSlicedProgram& program);

  size_t bytes() const { return end_; }
  // Requires: memory of bytes() or more on a 64-byte boundary.
  simd::BitSlicedScratch In(std::span<std::byte> memory) const;

  // Of a request, what a kernel reads: [columns] and [item_bytes ×
  // kKernelRows].
  std::span<uint16_t> RequestRanks(std::span<std::byte> memory) const;
  uint8_t* ItemRanks(std::span<std::byte> memory) const;

 private:
  size_t columns_, tests_, slots_, slot_bytes_, planes_, missing_, ranks_,
      leaves_, sums_, float_sums_, request_ranks_, item_ranks_, end_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_SCORING_BIT_SLICED_MEMORY_H_
