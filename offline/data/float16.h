// IEEE 754 binary16 as 16 bits, converted without help of the processor: for
// files, not for loops over candidates.
#ifndef MARQUEE_OFFLINE_DATA_FLOAT16_H_
#define MARQUEE_OFFLINE_DATA_FLOAT16_H_

#include <bit>
#include <cstdint>

namespace marquee {

inline constexpr float kMaxFloat16 = 65504.0f;

// Exact; NaN and infinities stay what they are.
inline float FloatFromHalf(uint16_t half) {
  const uint32_t sign = static_cast<uint32_t>(half & 0x8000u) << 16;
  const uint32_t exponent = (half >> 10) & 0x1fu;
  const uint32_t fraction = half & 0x3ffu;
  if (exponent == 31) {
    return std::bit_cast<float>(sign | 0x7f800000u | fraction << 13);
  }
  if (exponent == 0) {
    const float magnitude = static_cast<float>(fraction) * 0x1p-24f;
    return sign ? -magnitude : magnitude;
  }
  return std::bit_cast<float>(sign | (exponent + 112) << 23 | fraction << 13);
}

// Rounds to nearest, ties to even; beyond kMaxFloat16 (rounded) it is infinity.
inline uint16_t HalfFromFloat(float value) {
  const uint32_t bits = std::bit_cast<uint32_t>(value);
  const uint16_t sign = static_cast<uint16_t>((bits >> 16) & 0x8000u);
  const uint32_t magnitude = bits & 0x7fffffffu;
  if (magnitude > 0x7f800000u) return sign | 0x7e00u;
  if (magnitude >= 0x477ff000u) return sign | 0x7c00u;  // 65520 and above
  if (magnitude < 0x38800000u) {  // subnormal: below 2^-14
    // The sum's last fraction bit is 2^-24, so the addition does the rounding.
    const float sum = std::bit_cast<float>(magnitude) + 0.5f;
    return sign | static_cast<uint16_t>(std::bit_cast<uint32_t>(sum) -
                                        std::bit_cast<uint32_t>(0.5f));
  }
  const uint32_t odd = (magnitude >> 13) & 1u;
  return sign |
         static_cast<uint16_t>((magnitude + 0xfffu + odd - (112u << 23)) >> 13);
}

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DATA_FLOAT16_H_
