// Compiled for AVX2. Called only on processors that have it.
#if defined(__x86_64__)

#include <immintrin.h>

#include "core/simd/count_bits.h"

namespace marquee::simd {

// Every processor with AVX2 has the popcnt instruction. It takes three cycles,
// so there are four sums.
size_t CountBitsAvx2(const uint64_t* words, size_t n) {
  long long sums[4] = {};
  size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    for (size_t j = 0; j < 4; ++j) sums[j] += _mm_popcnt_u64(words[i + j]);
  }
  for (; i < n; ++i) sums[0] += _mm_popcnt_u64(words[i]);
  return static_cast<size_t>(sums[0] + sums[1] + sums[2] + sums[3]);
}

}  // namespace marquee::simd

#endif
