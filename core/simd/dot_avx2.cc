// Compiled for AVX2. Called only on processors that have it.
#if defined(__x86_64__)

#include <immintrin.h>

#include "core/simd/dot.h"

namespace marquee::simd {

float DotAvx2(const float* a, const float* b, size_t n) {
  __m256 low = _mm256_setzero_ps();   // partial sums 0 to 7
  __m256 high = _mm256_setzero_ps();  // 8 to 15
  size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    // Not fmadd: dot.h defines products that are rounded.
    low = _mm256_add_ps(
        low, _mm256_mul_ps(_mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i)));
    high = _mm256_add_ps(high, _mm256_mul_ps(_mm256_loadu_ps(a + i + 8),
                                             _mm256_loadu_ps(b + i + 8)));
  }
  alignas(32) float sum[16];
  _mm256_store_ps(sum, low);
  _mm256_store_ps(sum + 8, high);
  for (size_t lane = 0; i + lane < n; ++lane)
    sum[lane] += a[i + lane] * b[i + lane];
  const __m256 eight =
      _mm256_add_ps(_mm256_load_ps(sum), _mm256_load_ps(sum + 8));
  const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight),
                                 _mm256_extractf128_ps(eight, 1));
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
}

}  // namespace marquee::simd

#endif
