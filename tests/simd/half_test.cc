#include "core/simd/half.h"

#include <cmath>
#include <limits>
#include <random>

#include "gtest/gtest.h"

namespace marquee::simd {
namespace {

// By the definition of binary16.
double ValueOf(uint16_t half) {
  const int exponent = half >> 10 & 0x1F;
  const int fraction = half & 0x3FF;
  const double magnitude = exponent == 0
                               ? std::ldexp(fraction, -24)
                               : std::ldexp(1024 + fraction, exponent - 25);
  return half & 0x8000 ? -magnitude : magnitude;
}

TEST(Half, EveryFiniteValueConvertsExactlyAndBack) {
  for (uint32_t half = 0; half < 0x10000; ++half) {
    if ((half & 0x7C00) == 0x7C00) continue;
    const float value = FloatFromHalf(static_cast<uint16_t>(half));
    ASSERT_EQ(value, ValueOf(static_cast<uint16_t>(half))) << half;
    ASSERT_EQ(std::signbit(value), (half & 0x8000) != 0) << half;
    ASSERT_EQ(HalfFromFloat(value), half) << half;
  }
}

TEST(Half, RoundsToTheNearestAndTiesToEven) {
  for (uint16_t half = 0; half < 0x7BFF; ++half) {
    const double low = ValueOf(half);
    const double high = ValueOf(static_cast<uint16_t>(half + 1));
    const double middle = (low + high) / 2;
    const uint16_t even =
        half % 2 == 0 ? half : static_cast<uint16_t>(half + 1);
    ASSERT_EQ(HalfFromFloat(static_cast<float>(middle)), even) << half;
    ASSERT_EQ(HalfFromFloat(std::nextafter(static_cast<float>(middle), 0.0f)),
              half);
    ASSERT_EQ(HalfFromFloat(std::nextafter(static_cast<float>(middle), 1e9f)),
              half + 1);
  }
}

TEST(Half, OverflowsToInfinityAndKeepsNotANumber) {
  const float infinity = std::numeric_limits<float>::infinity();
  EXPECT_EQ(FloatFromHalf(HalfFromFloat(65520.0f)), infinity);
  EXPECT_EQ(FloatFromHalf(HalfFromFloat(-1e30f)), -infinity);
  EXPECT_EQ(FloatFromHalf(HalfFromFloat(65519.0f)), 65504.0f);
  EXPECT_TRUE(std::isnan(FloatFromHalf(HalfFromFloat(std::nanf("")))));
}

}  // namespace
}  // namespace marquee::simd
