// Compiled for AVX-512 with VNNI; called only where it runs.
#if defined(__x86_64__)

#include <immintrin.h>

#include <algorithm>
#include <bit>

#include "core/simd/code_scan.h"

namespace marquee::simd {
namespace {

// [0..16) of the sums of the 16 numbers in each of 16 registers.
__m512i SumsOf(const __m512i (&rows)[16]) {
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

// Scans with the stride known to the compiler; 0: at run time.
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
    offset_ = _mm512_set1_epi32(-128 * sum);
  }

  size_t Run(uint32_t begin, uint32_t end, const uint64_t* eligible) {
    for (uint32_t word = begin / 64; word * 64 < end; ++word) {
      uint64_t bits = eligible[word];
      if (word == begin / 64) bits &= ~uint64_t{0} << (begin % 64);
      if (end - word * 64 < 64) bits &= (uint64_t{1} << (end - word * 64)) - 1;
      for (uint32_t group = 0; bits >> (group * 16) != 0; ++group) {
        const auto mask = static_cast<__mmask16>(bits >> (group * 16));
        Group(word * 64 + group * 16, mask);
        if (group == 3) break;
      }
    }
    FlushWaiting();
    return hits_;
  }

 private:
  // A group with fewer eligible rows than this is not worth its cache lines.
  static constexpr int kDense = 6;

  size_t stride() const { return kStride != 0 ? kStride : matrix_.stride; }

  __m512i Dot(const uint8_t* code) const {
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
    const int count = std::popcount(static_cast<uint16_t>(mask));
    if (count >= kDense) {
      __m512i dots[16];
      const uint8_t* const codes = matrix_.codes + first * stride();
      for (size_t i = 0; i < 16; ++i) dots[i] = Dot(codes + i * stride());
      const __m512i rows =
          _mm512_add_epi32(_mm512_set1_epi32(static_cast<int>(first)),
                           _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
                                             11, 12, 13, 14, 15));
      Emit(dots, rows, _mm512_load_ps(matrix_.scales + first), mask);
      return;
    }
    for (uint32_t bits = mask; bits != 0; bits &= bits - 1) {
      const uint32_t row =
          first + static_cast<uint32_t>(std::countr_zero(bits));
      _mm_prefetch(
          reinterpret_cast<const char*>(matrix_.codes + row * stride()),
          _MM_HINT_T0);
      waiting_[waiting_count_++] = row;
      if (waiting_count_ == kWaiting) FlushWaiting();
    }
  }

  // Rows that stand alone are computed 16 at a time, some time after they were
  // asked for.
  void FlushWaiting() {
    for (size_t at = 0; at < waiting_count_; at += 16) {
      const size_t count = std::min<size_t>(16, waiting_count_ - at);
      for (size_t i = count; i < 16; ++i) waiting_[at + i] = waiting_[at];
      __m512i dots[16];
      for (size_t i = 0; i < 16; ++i) {
        dots[i] = Dot(matrix_.codes + waiting_[at + i] * stride());
      }
      const __m512i rows = _mm512_load_si512(waiting_ + at);
      const auto mask = static_cast<__mmask16>((1u << count) - 1);
      Emit(dots, rows, _mm512_i32gather_ps(rows, matrix_.scales, 4), mask);
    }
    waiting_count_ = 0;
  }

  void Emit(const __m512i (&dots)[16], __m512i rows, __m512 scales,
            __mmask16 mask) {
    const __m512i sums = _mm512_add_epi32(SumsOf(dots), offset_);
    const __m512 scores = _mm512_mul_ps(_mm512_cvtepi32_ps(sums), scales);
    const __mmask16 above =
        _mm512_mask_cmp_ps_mask(mask, scores, threshold_, _CMP_GT_OQ);
    if (above == 0) return;
    // Compressing in the register and storing whole is several times faster
    // than a compressing store.
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
  size_t waiting_count_ = 0;
  alignas(64) uint32_t waiting_[kWaiting];
};

}  // namespace

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
