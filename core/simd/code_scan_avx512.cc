// Compiled for AVX-512 with VNNI. Called only on processors that have it.
#if defined(__x86_64__)

#include <immintrin.h>

#include <algorithm>
#include <bit>

#include "core/simd/code_scan.h"

namespace marquee::simd {
namespace {

#include "core/simd/eligible_words.inc"

// Element i of the result is the sum of the 16 numbers in rows[i]. Always
// inline: out of line, these registers would go through memory, a quarter of
// the time of a scan.
__attribute__((always_inline)) inline __m512i SumsOf(
    const __m512i (&rows)[16]) {
  __m512i halves[8];  // rows i and i + 8
  for (int i = 0; i < 8; ++i) {
    halves[i] = _mm512_add_epi32(
        _mm512_shuffle_i64x2(rows[i], rows[i + 8], _MM_SHUFFLE(1, 0, 1, 0)),
        _mm512_shuffle_i64x2(rows[i], rows[i + 8], _MM_SHUFFLE(3, 2, 3, 2)));
  }
  __m512i quarters[4];  // rows i, i + 8, i + 4, i + 12
  for (int i = 0; i < 4; ++i) {
    quarters[i] = _mm512_add_epi32(
        _mm512_shuffle_i64x2(halves[i], halves[i + 4], _MM_SHUFFLE(2, 0, 2, 0)),
        _mm512_shuffle_i64x2(halves[i], halves[i + 4],
                             _MM_SHUFFLE(3, 1, 3, 1)));
  }
  const __m512i even =
      _mm512_add_epi32(_mm512_unpacklo_epi32(quarters[0], quarters[1]),
                       _mm512_unpackhi_epi32(quarters[0], quarters[1]));
  const __m512i odd =
      _mm512_add_epi32(_mm512_unpacklo_epi32(quarters[2], quarters[3]),
                       _mm512_unpackhi_epi32(quarters[2], quarters[3]));
  const __m512i sums = _mm512_add_epi32(_mm512_unpacklo_epi64(even, odd),
                                        _mm512_unpackhi_epi64(even, odd));
  return _mm512_shuffle_i64x2(sums, sums, _MM_SHUFFLE(3, 1, 2, 0));
}

// Scans with a stride known to the compiler; 0: known at run time.
template <size_t kStride>
class Scan {
 public:
  Scan(const CodeMatrix& matrix, const int8_t* query, float threshold,
       CodeHits out)
      : matrix_(matrix),
        query_(query),
        threshold_(_mm512_set1_ps(threshold)),
        out_(out) {
    int32_t sum = 0;
    for (size_t d = 0; d < stride(); ++d) sum += query[d];
    // The instruction multiplies unsigned by signed bytes, so codes keep their
    // offset. Σ q · (code − 128) = Σ q · code − 128 · Σ q: the second sum is
    // the same for all items.
    offset_ = _mm512_set1_epi32(-128 * sum);
  }

  size_t Run(uint32_t begin, uint32_t end, const uint64_t* eligible) {
    // Memory delivers lines in sequence several times faster than single lines.
    // From this density on all rows are read, without gaps in which the
    // processor's prefetcher would lose the stream.
    constexpr uint32_t kStreamAbove = 4;  // one eligible row in so many
    uint32_t count = 0;
    ForEachWord(begin, end, eligible, [&](uint32_t, uint64_t bits) {
      count += static_cast<uint32_t>(std::popcount(bits));
    });
    if (count * kStreamAbove >= end - begin) {
      ForEachWord(begin, end, eligible, [&](uint32_t first, uint64_t bits) {
        for (uint32_t at = 0; at < 64 && first + at < end; at += 16) {
          if (first + at + 16 <= begin) continue;
          Group(first + at, static_cast<__mmask16>(bits >> at));
        }
      });
    } else {
      ForEachWord(begin, end, eligible, [&](uint32_t first, uint64_t bits) {
        for (; bits != 0; bits &= bits - 1) {
          Wait(first + static_cast<uint32_t>(std::countr_zero(bits)));
        }
      });
      while (waiting_count_ > 0) {
        EmitWaiting(std::min<size_t>(16, waiting_count_));
      }
    }
    return hits_;
  }

  // Scores at most 16 rows.
  void Scores(const uint32_t* rows, size_t count, float* scores) const {
    __m512i dots[16];
    for (size_t i = 0; i < 16; ++i) {
      dots[i] = Dot(matrix_.codes + rows[i < count ? i : 0] * stride());
    }
    const auto mask = static_cast<__mmask16>((1u << count) - 1);
    const __m512i sums = _mm512_add_epi32(SumsOf(dots), offset_);
    const __m512 scales = _mm512_mask_i32gather_ps(
        _mm512_setzero_ps(), mask, _mm512_maskz_loadu_epi32(mask, rows),
        matrix_.scales, 4);
    _mm512_mask_storeu_ps(scores, mask,
                          _mm512_mul_ps(_mm512_cvtepi32_ps(sums), scales));
  }

 private:
  size_t stride() const { return kStride != 0 ? kStride : matrix_.stride; }

  __m512i Dot(const uint8_t* code) const {
    // Without a loop where the stride is known to be 64.
    __m512i sum =
        _mm512_dpbusd_epi32(_mm512_setzero_si512(), _mm512_load_si512(code),
                            _mm512_load_si512(query_));
    for (size_t d = 64; d < stride(); d += 64) {
      sum = _mm512_dpbusd_epi32(sum, _mm512_load_si512(code + d),
                                _mm512_load_si512(query_ + d));
    }
    return sum;
  }

  void Group(uint32_t first, __mmask16 mask) {
    __m512i dots[16];
    const uint8_t* const codes = matrix_.codes + first * stride();
    for (size_t i = 0; i < 16; ++i) dots[i] = Dot(codes + i * stride());
    const __m512i rows =
        _mm512_add_epi32(_mm512_set1_epi32(static_cast<int>(first)),
                         _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
                                           12, 13, 14, 15));
    Emit(dots, rows, _mm512_load_ps(matrix_.scales + first), mask);
  }

  void Wait(uint32_t row) {
    const uint8_t* const code = matrix_.codes + row * stride();
    _mm_prefetch(reinterpret_cast<const char*>(code), _MM_HINT_T0);
    waiting_[(waiting_first_ + waiting_count_++) % kWaiting] = row;
    if (waiting_count_ == kWaiting) EmitWaiting(16);
  }

  // Isolated rows are prefetched first and scored 16 at a time some time later.
  void EmitWaiting(size_t count) {
    uint32_t* const first = waiting_ + waiting_first_;
    // Places without a row repeat the first one: all loads are then valid, and
    // the mask leaves them out.
    for (size_t i = count; i < 16; ++i) first[i] = first[0];
    __m512i dots[16];
    for (size_t i = 0; i < 16; ++i) {
      dots[i] = Dot(matrix_.codes + first[i] * stride());
    }
    const __m512i rows = _mm512_load_si512(first);
    const auto mask = static_cast<__mmask16>((1u << count) - 1);
    Emit(dots, rows, _mm512_i32gather_ps(rows, matrix_.scales, 4), mask);
    waiting_first_ = (waiting_first_ + 16) % kWaiting;
    waiting_count_ -= count;
  }

  __attribute__((always_inline)) void Emit(const __m512i (&dots)[16],
                                           __m512i rows, __m512 scales,
                                           __mmask16 mask) {
    const __m512i sums = _mm512_add_epi32(SumsOf(dots), offset_);
    const __m512 scores = _mm512_mul_ps(_mm512_cvtepi32_ps(sums), scales);
    const __mmask16 above =
        _mm512_mask_cmp_ps_mask(mask, scores, threshold_, _CMP_GT_OQ);
    if (above == 0) return;
    // Compressing in the register and storing the whole register is several
    // times faster than a compressing store.
    _mm512_storeu_si512(out_.rows + hits_,
                        _mm512_maskz_compress_epi32(above, rows));
    _mm512_storeu_ps(out_.scores + hits_,
                     _mm512_maskz_compress_ps(above, scores));
    hits_ += static_cast<size_t>(std::popcount(static_cast<uint16_t>(above)));
  }

  static constexpr size_t kWaiting = 64;

  const CodeMatrix& matrix_;
  const int8_t* const query_;
  const __m512 threshold_;
  const CodeHits out_;
  __m512i offset_;
  size_t hits_ = 0;
  size_t waiting_first_ = 0;  // a multiple of 16
  size_t waiting_count_ = 0;
  alignas(64) uint32_t waiting_[kWaiting];
};

template <size_t kStride>
void ScoresOf(const CodeMatrix& matrix, const int8_t* query,
              const uint32_t* rows, size_t count, float* scores) {
  const Scan<kStride> scan(matrix, query, 0, {});
  for (size_t at = 0; at < count; at += 16) {
    scan.Scores(rows + at, std::min<size_t>(16, count - at), scores + at);
  }
}

}  // namespace

void CodeScoresAvx512(const CodeMatrix& matrix, const int8_t* query,
                      const uint32_t* rows, size_t count, float* scores) {
  switch (matrix.stride) {
    case 64:
      return ScoresOf<64>(matrix, query, rows, count, scores);
    case 128:
      return ScoresOf<128>(matrix, query, rows, count, scores);
    default:
      return ScoresOf<0>(matrix, query, rows, count, scores);
  }
}

size_t CodeScanAvx512(const CodeMatrix& matrix, const int8_t* query,
                      uint32_t begin, uint32_t end, const uint64_t* eligible,
                      float threshold, CodeHits out) {
  switch (matrix.stride) {
    case 64:
      return Scan<64>(matrix, query, threshold, out).Run(begin, end, eligible);
    case 128:
      return Scan<128>(matrix, query, threshold, out).Run(begin, end, eligible);
    default:
      return Scan<0>(matrix, query, threshold, out).Run(begin, end, eligible);
  }
}

}  // namespace marquee::simd

#endif
