// IEEE 754 binary16, the storage form of the vectors of users.
#ifndef MARQUEE_CORE_SIMD_HALF_H_
#define MARQUEE_CORE_SIMD_HALF_H_

#include <cstddef>
#include <cstdint>

namespace marquee::simd {

// Nearest, ties to even; beyond 65,504 infinity; NaN stays NaN.
uint16_t HalfFromFloat(float value);
// Exact.
float FloatFromHalf(uint16_t half);

// Converts halves[0..n) into floats[0..n).
void FloatsFromHalves(const uint16_t* halves, size_t n, float* floats);

}  // namespace marquee::simd

#endif  // MARQUEE_CORE_SIMD_HALF_H_
