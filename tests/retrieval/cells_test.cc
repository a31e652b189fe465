// Items as cells and as bytes: how they are made, and what their sections
// refuse.
#include <algorithm>
#include <cmath>
#include <vector>

#include "core/retrieval/item_cells.h"
#include "core/retrieval/item_codes.h"
#include "gtest/gtest.h"
#include "offline/build/cell_builder.h"
#include "tests/retrieval/small_index.h"

namespace marquee {
namespace {

constexpr size_t kDimension = 24;

TEST(CellBuilder, CellsDoNotDependOnTheNumberOfThreads) {
  const std::vector<float> values = ClusteredVectors(2000, kDimension, 1);
  const auto one =
      BuildCells(values, kDimension, {.items_per_cell = 40, .threads = 1});
  const auto three =
      BuildCells(values, kDimension, {.items_per_cell = 40, .threads = 3});
  EXPECT_EQ(one.order, three.order);
  EXPECT_EQ(one.begins, three.begins);
  EXPECT_TRUE(std::is_sorted(one.begins.begin(), one.begins.end()));
  EXPECT_EQ(one.begins.back(), 2000);
  std::vector<uint32_t> sorted = one.order;
  std::sort(sorted.begin(), sorted.end());
  for (uint32_t i = 0; i < 2000; ++i) ASSERT_EQ(sorted[i], i);
}

TEST(CellBuilder, EqualVectorsAndNoneAtAllAreFine) {
  const std::vector<float> equal(300 * kDimension, 1.0f);
  const auto cells = BuildCells(equal, kDimension, {.items_per_cell = 10});
  EXPECT_EQ(cells.begins.back(), 300);
  EXPECT_EQ(BuildCells({}, kDimension, {}).begins, std::vector<uint32_t>{0});
}

class ItemCellsTest : public ::testing::Test {
 protected:
  static absl::Status OpenWith(const CellParts& parts) {
    auto out = *ArrayFileWriter::CreateInMemory();
    WriteItemCells(parts, *out);
    const auto file = *out->FinishInMemory();
    return ItemCells::Open(*file, 10, 2).status();
  }
};

TEST_F(ItemCellsTest, RefusesWhatIsNoPartition) {
  const CellParts good{
      .begins = {0, 3, 10}, .centers = {1, 1, 1, 1}, .spreads = {0, 1}};
  EXPECT_TRUE(OpenWith(good).ok());
  using Begins = std::vector<uint32_t>;
  for (const Begins& begins : {Begins{}, Begins{1, 3, 10}, Begins{0, 3, 11},
                               Begins{0, 7, 3, 10}, Begins{0, 10}}) {
    CellParts bad = good;
    bad.begins = begins;
    EXPECT_FALSE(OpenWith(bad).ok());
  }
  CellParts bad = good;
  bad.stop_share = 2;
  EXPECT_FALSE(OpenWith(bad).ok());
  for (const float value : {1e38f, std::nanf("")}) {
    bad = good;
    bad.centers[2] = value;
    EXPECT_FALSE(OpenWith(bad).ok()) << value;
    bad = good;
    bad.spreads[1] = value;
    EXPECT_FALSE(OpenWith(bad).ok()) << value;
  }
  bad = good;
  bad.spreads.pop_back();
  EXPECT_FALSE(OpenWith(bad).ok());
}

TEST(ItemCodes, RefusesScalesThatOverflow) {
  for (const float scale : {-1.0f, 1e-43f, 1e38f, std::nanf("")}) {
    auto out = *ArrayFileWriter::CreateInMemory();
    out->Add<uint8_t>("codes", std::vector<uint8_t>(16 * 64, 128));
    out->Add<float>("scales", std::vector<float>(16, scale));
    const auto file = *out->FinishInMemory();
    EXPECT_FALSE(ItemCodes::Open(*file, 10, 64).ok()) << scale;
  }
}

}  // namespace
}  // namespace marquee
