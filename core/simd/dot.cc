#include "core/simd/dot.h"

#include <cmath>

namespace marquee::simd {

DotKernel DotFor(Isa isa) {
  switch (isa) {
#if defined(__x86_64__)
    case Isa::kAvx2:
      return DotAvx2;
    case Isa::kAvx512:
      return DotAvx512;
#endif
    default:
      return DotPortable;
  }
}

float Dot(const float* a, const float* b, size_t n) {
  static const DotKernel best = DotFor(BestIsa());
  return best(a, b, n);
}

float Length(const float* v, size_t n) { return std::sqrt(Dot(v, v, n)); }

}  // namespace marquee::simd
