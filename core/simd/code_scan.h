// Inner products of quantised vectors: the scan that retrieval spends its time
// in.
//
// A title's vector v is `stride` bytes, code[d] = round(v[d] / scale) + 128,
// with a scale of its own, so that a long vector costs the others no precision
// and nothing is clipped. A query is signed bytes. The score of a title is
//   float(Σ query[d] · (code[d] − 128)) · scale,
// an integer sum and one rounded product: every instruction set gives the same
// bits.
#ifndef MARQUEE_CORE_SIMD_CODE_SCAN_H_
#define MARQUEE_CORE_SIMD_CODE_SCAN_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/simd/isa.h"

namespace marquee::simd {

// Bytes of a code: one cache line for each 64 dimensions.
constexpr size_t CodeStride(size_t dimension) {
  return (dimension + 63) / 64 * 64;
}
inline constexpr size_t kMaxCodeStride = 1024;
// Arrays of codes and scales are padded to whole groups of so many rows.
inline constexpr size_t kCodeGroup = 16;
constexpr size_t PaddedRows(size_t rows) {
  return (rows + kCodeGroup - 1) / kCodeGroup * kCodeGroup;
}

// Codes a vector of finite values; returns its scale, max|v| / 127, or 0 when
// that is no normal number. Requires: code.size() == CodeStride(v.size()).
float EncodeRow(std::span<const float> v, std::span<uint8_t> code);
// The same without the offset of 128, for queries.
float EncodeQuery(std::span<const float> v, std::span<int8_t> code);

struct CodeMatrix {
  const uint8_t* codes = nullptr;  // [PaddedRows(rows) × stride], 64-aligned
  const float* scales = nullptr;   // [PaddedRows(rows)], 64-aligned
  size_t stride = 0;               // a multiple of 64, at most kMaxCodeStride
};

struct CodeHits {
  uint32_t* rows;
  float* scores;
};

// Writes row and score of those rows of [begin, end) whose bit in `eligible` is
// set and whose score is above the threshold, in no particular order, and
// returns how many. `query`: [stride], 64-aligned; `eligible`: bit r % 64 of
// word r / 64. Requires: room for end − begin hits and 16 more.
using CodeScan = size_t (*)(const CodeMatrix& matrix, const int8_t* query,
                            uint32_t begin, uint32_t end,
                            const uint64_t* eligible, float threshold,
                            CodeHits out);

// The kernel of an instruction set that this processor supports.
CodeScan CodeScanFor(Isa isa);

// Writes the scores of `count` rows, in the order of `rows`.
using CodeScores = void (*)(const CodeMatrix& matrix, const int8_t* query,
                            const uint32_t* rows, size_t count, float* scores);
CodeScores CodeScoresFor(Isa isa);

size_t CodeScanPortable(const CodeMatrix&, const int8_t*, uint32_t, uint32_t,
                        const uint64_t*, float, CodeHits);
size_t CodeScanAvx2(const CodeMatrix&, const int8_t*, uint32_t, uint32_t,
                    const uint64_t*, float, CodeHits);
size_t CodeScanAvx512(const CodeMatrix&, const int8_t*, uint32_t, uint32_t,
                      const uint64_t*, float, CodeHits);

void CodeScoresPortable(const CodeMatrix&, const int8_t*, const uint32_t*,
                        size_t, float*);
void CodeScoresAvx2(const CodeMatrix&, const int8_t*, const uint32_t*, size_t,
                    float*);
void CodeScoresAvx512(const CodeMatrix&, const int8_t*, const uint32_t*, size_t,
                      float*);

}  // namespace marquee::simd

#endif  // MARQUEE_CORE_SIMD_CODE_SCAN_H_
