// Compiled for AVX2. Called only on processors that have it.
#if defined(__x86_64__)

#include <immintrin.h>

#include <algorithm>
#include <bit>

#include "core/simd/code_scan.h"

namespace marquee::simd {
namespace {

#include "core/simd/eligible_words.inc"

// Element i of the result is the sum of the 8 numbers in rows[i]. Always
// inline: out of line, these registers would go through memory.
__attribute__((always_inline)) inline __m256i SumsOf(const __m256i (&rows)[8]) {
  __m256i pairs[4];
  for (int i = 0; i < 4; ++i) {
    pairs[i] = _mm256_hadd_epi32(rows[2 * i], rows[2 * i + 1]);
  }
  const __m256i low = _mm256_hadd_epi32(pairs[0], pairs[1]);
  const __m256i high = _mm256_hadd_epi32(pairs[2], pairs[3]);
  return _mm256_add_epi32(_mm256_permute2x128_si256(low, high, 0x20),
                          _mm256_permute2x128_si256(low, high, 0x31));
}

// Scores one query against 8 items at a time.
class Scores {
 public:
  Scores(const CodeMatrix& matrix, const int8_t* query) : matrix_(matrix) {
    int32_t sum = 0;
    for (size_t d = 0; d < matrix.stride; ++d) {
      query_[d] = query[d];
      sum += query[d];
    }
    // Σ q · (code − 128) = Σ q · code − 128 · Σ q: the second sum is the same
    // for all items.
    offset_ = _mm256_set1_epi32(-128 * sum);
  }

  // Scores rows first to first + 7. The matrix is padded, so it has them all.
  __m256 InSequence(uint32_t first) const {
    const uint8_t* const codes = matrix_.codes + first * matrix_.stride;
    __m256i dots[8];
    for (size_t i = 0; i < 8; ++i) dots[i] = Dot(codes + i * matrix_.stride);
    return Scaled(dots, _mm256_load_ps(matrix_.scales + first));
  }

  void Prefetch(uint32_t row) const {
    _mm_prefetch(
        reinterpret_cast<const char*>(matrix_.codes + row * matrix_.stride),
        _MM_HINT_T0);
  }

  __m256 Of(const uint32_t* rows) const {
    __m256i dots[8];
    for (size_t i = 0; i < 8; ++i) {
      dots[i] = Dot(matrix_.codes + rows[i] * matrix_.stride);
    }
    const __m256i indexes =
        _mm256_loadu_si256(reinterpret_cast<const __m256i*>(rows));
    return Scaled(dots, _mm256_i32gather_ps(matrix_.scales, indexes, 4));
  }

 private:
  // Multiplies 16-bit numbers and sums in 32 bits: the product of bytes
  // (maddubs) would saturate.
  __m256i Dot(const uint8_t* code) const {
    __m256i sum = _mm256_setzero_si256();
    for (size_t d = 0; d < matrix_.stride; d += 16) {
      const __m256i c = _mm256_cvtepu8_epi16(
          _mm_load_si128(reinterpret_cast<const __m128i*>(code + d)));
      const __m256i q =
          _mm256_load_si256(reinterpret_cast<const __m256i*>(query_ + d));
      sum = _mm256_add_epi32(sum, _mm256_madd_epi16(c, q));
    }
    return sum;
  }

  __attribute__((always_inline)) __m256 Scaled(const __m256i (&dots)[8],
                                               __m256 scales) const {
    const __m256i sums = _mm256_add_epi32(SumsOf(dots), offset_);
    return _mm256_mul_ps(_mm256_cvtepi32_ps(sums), scales);
  }

  const CodeMatrix matrix_;
  __m256i offset_;
  alignas(32) int16_t query_[kMaxCodeStride];
};

class Scan {
 public:
  Scan(const CodeMatrix& matrix, const int8_t* query, float threshold,
       CodeHits out)
      : scores_(matrix, query),
        threshold_(_mm256_set1_ps(threshold)),
        out_(out) {}

  size_t Run(uint32_t begin, uint32_t end, const uint64_t* eligible) {
    // As on AVX-512: from this density on, rows are read in sequence.
    constexpr uint32_t kSequenceAbove = 4;  // one eligible row in so many
    uint32_t count = 0;
    ForEachWord(begin, end, eligible, [&](uint32_t, uint64_t bits) {
      count += static_cast<uint32_t>(std::popcount(bits));
    });
    if (count * kSequenceAbove >= end - begin) {
      ForEachWord(begin, end, eligible, [&](uint32_t first, uint64_t bits) {
        for (; bits != 0; first += 8, bits >>= 8) {
          Group(first, static_cast<uint32_t>(bits & 0xff));
        }
      });
    } else {
      ForEachWord(begin, end, eligible, [&](uint32_t first, uint64_t bits) {
        for (; bits != 0; bits &= bits - 1) {
          Wait(first + static_cast<uint32_t>(std::countr_zero(bits)));
        }
      });
      while (waiting_count_ > 0) {
        EmitWaiting(std::min<uint32_t>(8, waiting_count_));
      }
    }
    return hits_;
  }

 private:
  void Group(uint32_t first, uint32_t mask) {
    uint32_t rows[8];
    for (uint32_t i = 0; i < 8; ++i) rows[i] = first + i;
    Emit(scores_.InSequence(first), rows, mask);
  }

  // Isolated rows are prefetched first and scored 8 at a time some time later.
  void Wait(uint32_t row) {
    scores_.Prefetch(row);
    waiting_[(waiting_first_ + waiting_count_++) % kWaiting] = row;
    if (waiting_count_ == kWaiting) EmitWaiting(8);
  }

  void EmitWaiting(uint32_t count) {
    uint32_t* const first = waiting_ + waiting_first_;
    // Places without a row repeat the first one: all loads are then valid, and
    // the mask leaves them out.
    for (uint32_t i = count; i < 8; ++i) first[i] = first[0];
    Emit(scores_.Of(first), first, (1u << count) - 1);
    waiting_first_ = (waiting_first_ + 8) % kWaiting;
    waiting_count_ -= count;
  }

  void Emit(__m256 scores, const uint32_t* rows, uint32_t mask) {
    const __m256 above = _mm256_cmp_ps(scores, threshold_, _CMP_GT_OQ);
    mask &= static_cast<uint32_t>(_mm256_movemask_ps(above));
    if (mask == 0) return;
    alignas(32) float all[8];
    _mm256_store_ps(all, scores);
    for (; mask != 0; mask &= mask - 1) {
      const auto i = static_cast<uint32_t>(std::countr_zero(mask));
      out_.rows[hits_] = rows[i];
      out_.scores[hits_] = all[i];
      ++hits_;
    }
  }

  static constexpr uint32_t kWaiting = 32;

  const Scores scores_;
  const __m256 threshold_;
  const CodeHits out_;
  size_t hits_ = 0;
  uint32_t waiting_[kWaiting];
  uint32_t waiting_first_ = 0;  // a multiple of 8
  uint32_t waiting_count_ = 0;
};

}  // namespace

void CodeScoresAvx2(const CodeMatrix& matrix, const int8_t* query,
                    const uint32_t* rows, size_t count, float* scores) {
  const Scores kernel(matrix, query);
  for (size_t at = 0; at < count; at += 8) {
    const size_t left = std::min<size_t>(8, count - at);
    uint32_t eight[8];
    for (size_t i = 0; i < 8; ++i) eight[i] = rows[at + (i < left ? i : 0)];
    alignas(32) float all[8];
    _mm256_store_ps(all, kernel.Of(eight));
    std::copy_n(all, left, scores + at);
  }
}

size_t CodeScanAvx2(const CodeMatrix& matrix, const int8_t* query,
                    uint32_t begin, uint32_t end, const uint64_t* eligible,
                    float threshold, CodeHits out) {
  return Scan(matrix, query, threshold, out).Run(begin, end, eligible);
}

}  // namespace marquee::simd

#endif
