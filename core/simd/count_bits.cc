#include "core/simd/count_bits.h"

#include <bit>

namespace marquee::simd {

size_t CountBitsPortable(const uint64_t* words, size_t n) {
  size_t count = 0;
  for (size_t i = 0; i < n; ++i) {
    count += static_cast<size_t>(std::popcount(words[i]));
  }
  return count;
}

CountBitsKernel CountBitsFor(Isa isa) {
  switch (isa) {
#if defined(__x86_64__)
    case Isa::kAvx2:
    case Isa::kAvx512:
      return CountBitsAvx2;
#endif
    default:
      return CountBitsPortable;
  }
}

size_t CountBits(const uint64_t* words, size_t n) {
  static const CountBitsKernel best = CountBitsFor(BestIsa());
  return best(words, n);
}

}  // namespace marquee::simd
