#include "core/scoring/item_ranks.h"

#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;

ItemRankLayout Layout() {
  return {.columns = {{.first_byte = 0, .bytes = 1, .largest = 9},
                      {.first_byte = 1, .bytes = 2, .largest = 300}},
          .bytes = 3,
          .digest = "d1"};
}

// Item i has the ranks i and 299 + i.
std::unique_ptr<const ArrayFile> RanksOf(size_t items) {
  auto out = *ArrayFileWriter::CreateInMemory();
  WriteItemRanks(
      Layout(), items,
      [](ItemRow row, std::span<uint8_t> ranks) {
        ASSERT_EQ(ranks.size(), 3);
        const uint32_t second = 299 + Index(row);
        ranks[0] = static_cast<uint8_t>(Index(row));
        ranks[1] = static_cast<uint8_t>(second);
        ranks[2] = static_cast<uint8_t>(second >> 8);
      },
      *out);
  return *out->FinishInMemory();
}

void ExpectFault(size_t items, const ItemRankLayout& layout, size_t expected,
                 absl::StatusCode code, const std::string& what) {
  const auto file = RanksOf(items);
  const auto ranks = ItemRanks::Open(*file, layout, expected);
  EXPECT_EQ(ranks.status().code(), code);
  EXPECT_THAT(ranks.status().message(), HasSubstr(what));
}

TEST(ItemRanks, GiveBackWhatWasWritten) {
  const auto file = RanksOf(2);
  const auto ranks = ItemRanks::Open(*file, Layout(), 2);
  ASSERT_TRUE(ranks.ok()) << ranks.status();
  const uint8_t* const second = (**ranks)[ItemRow{1}];
  EXPECT_EQ(std::vector<uint8_t>(second, second + 3),
            (std::vector<uint8_t>{1, 300 - 256, 1}));
}

TEST(ItemRanks, RefusesOtherCountsLayoutsAndRanksThatAreTooLarge) {
  ExpectFault(2, Layout(), 3, absl::StatusCode::kDataLoss,
              "has 8 bytes, not 4 for each of 3 items");
  ItemRankLayout other = Layout();
  other.digest = "d2";
  ExpectFault(2, other, 2, absl::StatusCode::kFailedPrecondition,
              "ranks of layout d1, this program computes d2");
  // That of the third item is 301.
  ExpectFault(3, Layout(), 3, absl::StatusCode::kDataLoss,
              "item 2, byte 1: rank 301, the largest is 300");
}

TEST(ItemRanks, OfAnItemLieOnOneCacheLineWhereTheyFit) {
  ItemRankLayout layout;
  const std::pair<size_t, size_t> strides[] = {{0, 0},   {1, 1},   {3, 4},
                                               {33, 64}, {64, 64}, {65, 128}};
  for (const auto& [bytes, stride] : strides) {
    layout.bytes = bytes;
    EXPECT_EQ(layout.stride(), stride) << bytes;
  }
}

}  // namespace
}  // namespace marquee
