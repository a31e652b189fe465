// Compiled for AVX2; called only where it runs.
#if defined(__x86_64__)

#include <immintrin.h>

#include <algorithm>
#include <bit>

#include "core/simd/code_scan.h"

namespace marquee::simd {
namespace {

int32_t SumOf(__m256i v) {
  const __m128i four =
      _mm_add_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
  const __m128i two =
      _mm_add_epi32(four, _mm_shuffle_epi32(four, _MM_SHUFFLE(1, 0, 3, 2)));
  return _mm_cvtsi128_si32(
      _mm_add_epi32(two, _mm_shuffle_epi32(two, _MM_SHUFFLE(2, 3, 0, 1))));
}

// Products of 16-bit numbers, summed in 32 bits: the product of bytes
// (maddubs) would saturate.
int32_t DotWithOffset(const uint8_t* code, const int16_t* query,
                      size_t stride) {
  __m256i sum = _mm256_setzero_si256();
  for (size_t d = 0; d < stride; d += 16) {
    const __m256i c = _mm256_cvtepu8_epi16(
        _mm_load_si128(reinterpret_cast<const __m128i*>(code + d)));
    const __m256i q =
        _mm256_load_si256(reinterpret_cast<const __m256i*>(query + d));
    sum = _mm256_add_epi32(sum, _mm256_madd_epi16(c, q));
  }
  return SumOf(sum);
}

// The query as 16-bit numbers, and what the offset of the codes adds to every
// sum.
struct WideQuery {
  WideQuery(const int8_t* query, size_t stride) {
    for (size_t d = 0; d < stride; ++d) {
      wide[d] = query[d];
      offset += 128 * query[d];
    }
  }
  float Score(const CodeMatrix& matrix, uint32_t row) const {
    const uint8_t* const code = matrix.codes + row * matrix.stride;
    const int32_t sum = DotWithOffset(code, wide, matrix.stride) - offset;
    return static_cast<float>(sum) * matrix.scales[row];
  }

  alignas(32) int16_t wide[kMaxCodeStride];
  int32_t offset = 0;
};

}  // namespace

void CodeScoresAvx2(const CodeMatrix& matrix, const int8_t* query,
                    const uint32_t* rows, size_t count, float* scores) {
  const WideQuery wide(query, matrix.stride);
  for (size_t i = 0; i < count; ++i) scores[i] = wide.Score(matrix, rows[i]);
}

size_t CodeScanAvx2(const CodeMatrix& matrix, const int8_t* query,
                    uint32_t begin, uint32_t end, const uint64_t* eligible,
                    float threshold, CodeHits out) {
  const WideQuery wide(query, matrix.stride);
  size_t hits = 0;
  for (uint32_t word = begin / 64; word * 64 < end; ++word) {
    uint64_t bits = eligible[word];
    if (word == begin / 64) bits &= ~uint64_t{0} << (begin % 64);
    if (end - word * 64 < 64) bits &= (uint64_t{1} << (end - word * 64)) - 1;
    for (; bits != 0; bits &= bits - 1) {
      const uint32_t row =
          word * 64 + static_cast<uint32_t>(std::countr_zero(bits));
      const float score = wide.Score(matrix, row);
      out.rows[hits] = row;
      out.scores[hits] = score;
      hits += score > threshold ? 1 : 0;
    }
  }
  return hits;
}

}  // namespace marquee::simd

#endif
