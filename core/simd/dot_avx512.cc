// Compiled for AVX-512. Called only on processors that have it.
#if defined(__x86_64__)

#include <immintrin.h>

#include "core/simd/dot.h"

namespace marquee::simd {

float DotAvx512(const float* a, const float* b, size_t n) {
  __m512 sum = _mm512_setzero_ps();
  size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    // Not fmadd: dot.h defines products that are rounded.
    sum = _mm512_add_ps(
        sum, _mm512_mul_ps(_mm512_loadu_ps(a + i), _mm512_loadu_ps(b + i)));
  }
  if (i < n) {
    const auto rest = static_cast<__mmask16>((1u << (n - i)) - 1);
    const __m512 product = _mm512_mul_ps(_mm512_maskz_loadu_ps(rest, a + i),
                                         _mm512_maskz_loadu_ps(rest, b + i));
    // Lanes beyond the end keep their sums: the portable kernel adds nothing to
    // them.
    sum = _mm512_mask_add_ps(sum, rest, sum, product);
  }
  const __m256 eight = _mm256_add_ps(_mm512_castps512_ps256(sum),
                                     _mm512_extractf32x8_ps(sum, 1));
  const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight),
                                 _mm256_extractf128_ps(eight, 1));
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
}

}  // namespace marquee::simd

#endif
