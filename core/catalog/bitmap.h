// Sets of rows as bits of 64-bit words: bit r % 64 of word r / 64. Bits past
// the last row are zero.
#ifndef MARQUEE_CORE_CATALOG_BITMAP_H_
#define MARQUEE_CORE_CATALOG_BITMAP_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/simd/count_bits.h"

namespace marquee {

using BitmapView = std::span<const uint64_t>;
using MutableBitmap = std::span<uint64_t>;

constexpr size_t BitmapWords(size_t rows) { return (rows + 63) / 64; }

inline bool TestBit(BitmapView bits, uint32_t row) {
  return bits[row / 64] >> (row % 64) & 1;
}
inline void SetBit(MutableBitmap bits, uint32_t row) {
  bits[row / 64] |= uint64_t{1} << (row % 64);
}
inline void ClearBit(MutableBitmap bits, uint32_t row) {
  bits[row / 64] &= ~(uint64_t{1} << (row % 64));
}
inline void FlipBit(MutableBitmap bits, uint32_t row) {
  bits[row / 64] ^= uint64_t{1} << (row % 64);
}

// Requires for all below: spans of the same length.
inline void AndInto(MutableBitmap bits, BitmapView other) {
  for (size_t i = 0; i < bits.size(); ++i) bits[i] &= other[i];
}

inline size_t CountBits(BitmapView bits) {
  return simd::CountBits(bits.data(), bits.size());
}

// Returns the first set bit.
inline std::optional<size_t> FirstBit(BitmapView bits) {
  for (size_t i = 0; i < bits.size(); ++i) {
    if (bits[i] != 0) {
      return i * 64 + static_cast<size_t>(std::countr_zero(bits[i]));
    }
  }
  return std::nullopt;
}

// Calls visit(row) for every set bit in ascending order.
template <typename Visit>
void ForEachBit(BitmapView bits, Visit visit) {
  for (size_t i = 0; i < bits.size(); ++i) {
    for (uint64_t word = bits[i]; word != 0; word &= word - 1) {
      visit(static_cast<uint32_t>(i * 64 +
                                  static_cast<size_t>(std::countr_zero(word))));
    }
  }
}

}  // namespace marquee

#endif  // MARQUEE_CORE_CATALOG_BITMAP_H_
