#include "core/catalog/bitmap.h"

#include <random>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;

TEST(Bitmap, HasAWordForEverySixtyFourRows) {
  EXPECT_EQ(BitmapWords(0), 0);
  EXPECT_EQ(BitmapWords(1), 1);
  EXPECT_EQ(BitmapWords(64), 1);
  EXPECT_EQ(BitmapWords(65), 2);
  EXPECT_EQ(BitmapWords(128), 2);
}

TEST(Bitmap, ARowIsOneBit) {
  std::vector<uint64_t> bits(2, 0);
  SetBit(bits, 0);
  SetBit(bits, 63);
  SetBit(bits, 65);
  EXPECT_THAT(bits, ElementsAre(0x8000'0000'0000'0001u, 2));
  ClearBit(bits, 63);
  ClearBit(bits, 64);
  EXPECT_THAT(bits, ElementsAre(1, 2));
  FlipBit(bits, 65);
  FlipBit(bits, 64);
  EXPECT_THAT(bits, ElementsAre(1, 1));
}

TEST(Bitmap, EqualsAVectorOfTruths) {
  std::mt19937 random(5);
  constexpr uint32_t kRows = 200;
  std::vector<uint64_t> bits(BitmapWords(kRows), 0);
  std::vector<bool> truths(kRows, false);
  for (int step = 0; step < 3000; ++step) {
    const uint32_t row = random() % kRows;
    switch (random() % 3) {
      case 0:
        SetBit(bits, row);
        truths[row] = true;
        break;
      case 1:
        ClearBit(bits, row);
        truths[row] = false;
        break;
      default:
        FlipBit(bits, row);
        truths[row] = !truths[row];
    }
    ASSERT_EQ(TestBit(bits, row), truths[row]);
  }
  std::vector<uint32_t> expected;
  for (uint32_t row = 0; row < kRows; ++row) {
    ASSERT_EQ(TestBit(bits, row), truths[row]) << row;
    if (truths[row]) expected.push_back(row);
  }
  std::vector<uint32_t> visited;
  ForEachBit(bits, [&](uint32_t row) { visited.push_back(row); });
  EXPECT_EQ(visited, expected);
  EXPECT_EQ(CountBits(bits), expected.size());
}

TEST(Bitmap, AndKeepsWhatIsInBoth) {
  std::vector<uint64_t> bits = {0b1100, 0b1010, ~uint64_t{0}};
  const std::vector<uint64_t> other = {0b1010, 0, 0b11};
  AndInto(bits, other);
  EXPECT_THAT(bits, ElementsAre(0b1000, 0, 0b11));
}

}  // namespace
}  // namespace marquee
