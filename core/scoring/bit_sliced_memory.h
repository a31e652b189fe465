// The scratch memory of the bit-sliced scorers, and how they call a kernel.
#ifndef MARQUEE_CORE_SCORING_BIT_SLICED_MEMORY_H_
#define MARQUEE_CORE_SCORING_BIT_SLICED_MEMORY_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/scoring/bit_sliced_program.h"
#include "core/simd/bit_sliced_kernel.h"

namespace marquee {

// Rows that one call of a kernel scores.
inline constexpr size_t kKernelRows = simd::kWordRows * simd::kSetWords;

simd::BitSlicedView ViewOf(const BitSlicedProgram& program);

// The offset of each array in the scratch memory of a program, in bytes. A
// value.
class BitSlicedLayout {
 public:
  explicit BitSlicedLayout(const BitSlicedProgram& program);

  size_t bytes() const { return end_; }
  // Returns pointers into `memory`. Requires: at least bytes() bytes on a
  // 64-byte boundary.
  simd::BitSlicedScratch In(std::span<std::byte> memory) const;

  // What a kernel reads of a request: [columns] and [item_bytes × kKernelRows].
  std::span<uint16_t> RequestRanks(std::span<std::byte> memory) const;
  uint8_t* ItemRanks(std::span<std::byte> memory) const;

 private:
  size_t columns_, tests_, slots_, slot_bytes_, planes_, missing_, ranks_,
      leaves_, sums_, float_sums_, request_ranks_, item_ranks_, end_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_SCORING_BIT_SLICED_MEMORY_H_
