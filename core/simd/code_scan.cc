#include "core/simd/code_scan.h"

#include <algorithm>
#include <cfloat>
#include <cmath>

namespace marquee::simd {
namespace {

float ScaleOf(std::span<const float> v) {
  float largest = 0;
  for (const float value : v) largest = std::max(largest, std::abs(value));
  const float scale = largest / 127;
  // A subnormal scale has too few digits: it may be rounded so far down that
  // the largest value is much more than 127 scales, or down to 0.
  return scale >= FLT_MIN ? scale : 0;
}

// Returns -127 to 127.
int Level(float value, float scale) {
  if (scale == 0) return 0;
  return std::clamp(static_cast<int>(std::lrintf(value / scale)), -127, 127);
}

float ScoreOf(const CodeMatrix& matrix, const int8_t* query, uint32_t row) {
  const uint8_t* const code = matrix.codes + row * matrix.stride;
  int32_t sum = 0;
  for (size_t d = 0; d < matrix.stride; ++d) {
    sum += int32_t{query[d]} * (int32_t{code[d]} - 128);
  }
  // The sum is at most 127 · 128 · kMaxCodeStride = 16,646,144. That is below
  // 2^24, so its float is exact.
  return static_cast<float>(sum) * matrix.scales[row];
}

}  // namespace

float EncodeRow(std::span<const float> v, std::span<uint8_t> code) {
  const float scale = ScaleOf(v);
  std::fill(code.begin(), code.end(), uint8_t{128});
  for (size_t d = 0; d < v.size(); ++d) {
    code[d] = static_cast<uint8_t>(Level(v[d], scale) + 128);
  }
  return scale;
}

float EncodeQuery(std::span<const float> v, std::span<int8_t> code) {
  const float scale = ScaleOf(v);
  std::fill(code.begin(), code.end(), int8_t{0});
  for (size_t d = 0; d < v.size(); ++d) {
    code[d] = static_cast<int8_t>(Level(v[d], scale));
  }
  return scale;
}

size_t CodeScanPortable(const CodeMatrix& matrix, const int8_t* query,
                        uint32_t begin, uint32_t end, const uint64_t* eligible,
                        float threshold, CodeHits out) {
  size_t hits = 0;
  for (uint32_t row = begin; row < end; ++row) {
    if ((eligible[row / 64] >> (row % 64) & 1) == 0) continue;
    const float score = ScoreOf(matrix, query, row);
    if (!(score > threshold)) continue;
    out.rows[hits] = row;
    out.scores[hits] = score;
    ++hits;
  }
  return hits;
}

void CodeScoresPortable(const CodeMatrix& matrix, const int8_t* query,
                        const uint32_t* rows, size_t count, float* scores) {
  for (size_t i = 0; i < count; ++i) {
    scores[i] = ScoreOf(matrix, query, rows[i]);
  }
}

CodeScan CodeScanFor(Isa isa) {
  switch (isa) {
#if defined(__x86_64__)
    case Isa::kAvx2:
      return CodeScanAvx2;
    case Isa::kAvx512:
      return CodeScanAvx512;
#endif
    default:
      return CodeScanPortable;
  }
}

CodeScores CodeScoresFor(Isa isa) {
  switch (isa) {
#if defined(__x86_64__)
    case Isa::kAvx2:
      return CodeScoresAvx2;
    case Isa::kAvx512:
      return CodeScoresAvx512;
#endif
    default:
      return CodeScoresPortable;
  }
}

}  // namespace marquee::simd
