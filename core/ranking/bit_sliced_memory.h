// The scratch memory of the bit-sliced scorers, and how they call a kernel.
#ifndef MARQUEE_CORE_RANKING_BIT_SLICED_MEMORY_H_
#define MARQUEE_CORE_RANKING_BIT_SLICED_MEMORY_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/ranking/bit_sliced_kernel.h"
#include "core/ranking/bit_sliced_program.h"

namespace marquee {

// Rows that a kernel scores at once.
inline constexpr size_t kKernelRows = kWordRows * kSetWords;

BitSlicedView ViewOf(const BitSlicedProgram& program);

// Where each array lies in the scratch memory for a program, in bytes. A value.
class BitSlicedLayout {
 public:
  explicit BitSlicedLayout(const BitSlicedProgram& program);

  size_t bytes() const { return end_; }
  // Requires: memory of bytes() or more on a 64-byte boundary.
  BitSlicedScratch In(std::span<std::byte> memory) const;

  // Of a request, what a kernel reads: [columns] and [item_bytes ×
  // kKernelRows].
  std::span<uint16_t> RequestRanks(std::span<std::byte> memory) const;
  uint8_t* ItemRanks(std::span<std::byte> memory) const;

 private:
  size_t columns_, tests_, slots_, slot_bytes_, planes_, missing_, ranks_,
      leaves_, sums_, float_sums_, request_ranks_, item_ranks_, end_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_RANKING_BIT_SLICED_MEMORY_H_
