// IEEE 754 binary16 (float16), the storage format of users' vectors.
#ifndef MARQUEE_CORE_SIMD_HALF_H_
#define MARQUEE_CORE_SIMD_HALF_H_

#include <cstddef>
#include <cstdint>

namespace marquee::simd {

// Rounds to nearest, ties to even. Magnitudes of 65,520 or more, which would
// round to beyond 65,504, become infinity; NaN stays NaN.
uint16_t HalfFromFloat(float value);
// Converts exactly.
float FloatFromHalf(uint16_t half);

// Converts halves[0..n) into floats[0..n).
void FloatsFromHalves(const uint16_t* halves, size_t n, float* floats);

}  // namespace marquee::simd

#endif  // MARQUEE_CORE_SIMD_HALF_H_
