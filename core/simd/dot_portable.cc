#include "core/simd/dot.h"

namespace marquee::simd {
namespace {

constexpr size_t kLanes = 16;

}  // namespace

float DotPortable(const float* a, const float* b, size_t n) {
  float sum[kLanes] = {};
  size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (size_t lane = 0; lane < kLanes; ++lane)
      sum[lane] += a[i + lane] * b[i + lane];
  }
  for (size_t lane = 0; i + lane < n; ++lane)
    sum[lane] += a[i + lane] * b[i + lane];
  for (size_t apart = kLanes / 2; apart > 0; apart /= 2) {
    for (size_t lane = 0; lane < apart; ++lane) sum[lane] += sum[lane + apart];
  }
  return sum[0];
}

}  // namespace marquee::simd
