// Inner products of quantised vectors. Retrieval spends most of its time in
// this scan.
//
// The code of an item's vector v is `stride` bytes,
//   code[d] = round(v[d] / scale) + 128.
// Each item has its own scale, so a long vector costs the others no precision
// and nothing is clipped. A query is signed bytes. The score of an item is
//   float(Σ query[d] · (code[d] − 128)) · scale,
// an integer sum and one rounded product. Every instruction set gives the same
// bits.
#ifndef MARQUEE_CORE_SIMD_CODE_SCAN_H_
#define MARQUEE_CORE_SIMD_CODE_SCAN_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/simd/isa.h"

namespace marquee::simd {

// Returns the bytes of a code: one cache line per 64 dimensions.
constexpr size_t CodeStride(size_t dimension) {
  return (dimension + 63) / 64 * 64;
}
inline constexpr size_t kMaxCodeStride = 1024;
// Arrays of codes and scales are padded to a multiple of this many rows.
inline constexpr size_t kCodeGroup = 16;
constexpr size_t PaddedRows(size_t rows) {
  return (rows + kCodeGroup - 1) / kCodeGroup * kCodeGroup;
}

// Encodes a vector of finite values. Returns its scale, max|v| / 127, or 0 if
// that is not a normal number. Requires: code.size() == CodeStride(v.size()).
float EncodeRow(std::span<const float> v, std::span<uint8_t> code);
// Encodes a query: as EncodeRow, but without the offset of 128.
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

// Finds the rows of [begin, end) whose bit in `eligible` is set and whose score
// is above the threshold. Writes their rows and scores, in no particular order,
// and returns their number. `query`: [stride], 64-aligned; `eligible`: bit r %
// 64 of word r / 64 is row r. Requires: room for end − begin + 16 hits.
using CodeScan = size_t (*)(const CodeMatrix& matrix, const int8_t* query,
                            uint32_t begin, uint32_t end,
                            const uint64_t* eligible, float threshold,
                            CodeHits out);

// Returns the kernel of an instruction set. Requires: this processor supports
// it.
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
