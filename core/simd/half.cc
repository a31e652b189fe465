#include "core/simd/half.h"

#include <bit>

namespace marquee::simd {

uint16_t HalfFromFloat(float value) {
  const uint32_t bits = std::bit_cast<uint32_t>(value);
  const uint32_t sign = bits >> 16 & 0x8000;
  const uint32_t magnitude = bits & 0x7FFFFFFF;
  if (magnitude > 0x7F800000)
    return static_cast<uint16_t>(sign | 0x7E00);  // NaN
  // 65,520, halfway between the largest half and 2^16.
  if (magnitude >= 0x477FF000)
    return static_cast<uint16_t>(sign | 0x7C00);  // rounds to infinity
  if (magnitude < 0x38800000) {
    // Below 2^-14, halves are multiples of 2^-24. Adding 0.5 rounds to these
    // multiples in float arithmetic.
    const float shifted = std::bit_cast<float>(magnitude) + 0.5f;
    return static_cast<uint16_t>(
        sign | (std::bit_cast<uint32_t>(shifted) - 0x3F000000));
  }
  // A half keeps ten of 23 bits, and its exponent has a bias that is smaller by
  // 112. Adding a bit less than half a unit, and the lowest kept bit, rounds
  // ties to even. A carry into the exponent is the next power of two.
  const uint32_t round = 0xFFF + (magnitude >> 13 & 1);
  return static_cast<uint16_t>(sign | ((magnitude - 0x38000000 + round) >> 13));
}

float FloatFromHalf(uint16_t half) {
  const uint32_t sign = static_cast<uint32_t>(half & 0x8000) << 16;
  const uint32_t magnitude = half & 0x7FFF;
  if (magnitude >= 0x7C00) {
    return std::bit_cast<float>(sign | 0x7F800000 | (magnitude & 0x3FF) << 13);
  }
  // Multiplying by 2^112 moves the exponent from half's bias to float's and
  // keeps subnormals exact.
  const float scaled = std::bit_cast<float>(magnitude << 13) * 0x1p112f;
  return std::bit_cast<float>(sign | std::bit_cast<uint32_t>(scaled));
}

void FloatsFromHalves(const uint16_t* halves, size_t n, float* floats) {
  for (size_t i = 0; i < n; ++i) floats[i] = FloatFromHalf(halves[i]);
}

}  // namespace marquee::simd
