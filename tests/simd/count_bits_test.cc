#include "core/simd/count_bits.h"

#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace marquee::simd {
namespace {

TEST(CountBits, EveryInstructionSetCountsEveryBit) {
  std::mt19937_64 random(1);
  for (size_t n = 0; n < 40; ++n) {
    std::vector<uint64_t> words(n);
    size_t count = 0;
    for (uint64_t& word : words) {
      word = random() & random();
      for (int bit = 0; bit < 64; ++bit) count += word >> bit & 1;
    }
    EXPECT_EQ(CountBits(words.data(), n), count);
    for (const Isa isa : SupportedIsas()) {
      EXPECT_EQ(CountBitsFor(isa)(words.data(), n), count) << IsaName(isa);
    }
  }
}

}  // namespace
}  // namespace marquee::simd
