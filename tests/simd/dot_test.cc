#include "core/simd/dot.h"

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace marquee::simd {
namespace {

// The definition in dot.h, written as it reads.
float DefinedDot(const std::vector<float>& a, const std::vector<float>& b) {
  std::vector<float> sum(16, 0.0f);
  for (size_t i = 0; i < a.size(); ++i) sum[i % 16] = sum[i % 16] + a[i] * b[i];
  for (const size_t apart : {8, 4, 2, 1}) {
    for (size_t i = 0; i < apart; ++i) sum[i] = sum[i] + sum[i + apart];
  }
  return sum[0];
}

TEST(Dot, IsBitEqualToItsDefinitionOnEveryInstructionSet) {
  std::mt19937 random(7);
  std::normal_distribution<float> normal;
  for (const size_t n : {0, 1, 3, 15, 16, 17, 63, 64, 65, 67, 128, 259}) {
    for (const size_t offset : {0, 1, 3}) {
      std::vector<float> a(n + offset), b(n + offset);
      for (float& v : a) v = normal(random);
      for (float& v : b) v = normal(random);
      const std::vector<float> x(a.begin() + offset, a.end()),
          y(b.begin() + offset, b.end());
      for (const Isa isa : SupportedIsas()) {
        EXPECT_EQ(DotFor(isa)(a.data() + offset, b.data() + offset, n),
                  DefinedDot(x, y))
            << IsaName(isa) << ", length " << n << ", offset " << offset;
      }
    }
  }
}

TEST(Dot, CarriesNotANumberAndInfinity) {
  std::vector<float> a(20, 1.0f), b(20, 1.0f);
  a[19] = std::numeric_limits<float>::infinity();
  EXPECT_EQ(Dot(a.data(), b.data(), 20),
            std::numeric_limits<float>::infinity());
  a[3] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(std::isnan(Dot(a.data(), b.data(), 20)));
}

TEST(Dot, KeepsDenormals) {
  const std::vector<float> a(1, std::numeric_limits<float>::denorm_min()),
      b(1, 1.0f);
  EXPECT_EQ(Dot(a.data(), b.data(), 1),
            std::numeric_limits<float>::denorm_min());
}

}  // namespace
}  // namespace marquee::simd
