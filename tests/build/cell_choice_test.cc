#include "offline/build/cell_choice.h"

#include <numeric>
#include <vector>

#include "gtest/gtest.h"
#include "tests/retrieval/small_index.h"

namespace marquee {
namespace {

constexpr size_t kDimension = 16;
constexpr size_t kItems = 4000;

CellAssignment InInputOrder(std::vector<uint32_t> begins) {
  CellAssignment cells{.order = std::vector<uint32_t>(kItems),
                       .begins = std::move(begins)};
  std::iota(cells.order.begin(), cells.order.end(), 0);
  return cells;
}

TEST(ItemsScanned, IsAllOfOneCellAndFarLessOfGoodOnes) {
  const auto values = ClusteredVectors(kItems, kDimension, 1);
  const auto queries = ClusteredVectors(20, kDimension, 1);
  const auto scanned = [&](const CellAssignment& cells, double share) {
    return ItemsScanned(values, kDimension, cells, queries, 100, share);
  };
  EXPECT_EQ(scanned(InInputOrder({0, kItems}), 0.97), kItems);
  // Cells of whatever comes next are no neighbours.
  std::vector<uint32_t> begins;
  for (uint32_t at = 0; at <= kItems; at += 40) begins.push_back(at);
  const double of_chance = scanned(InInputOrder(begins), 0.97);
  const double of_neighbours =
      scanned(BuildCells(values, kDimension, {.items_per_cell = 40}), 0.97);
  EXPECT_GT(of_chance, 0.8 * kItems);
  EXPECT_LT(of_neighbours, 0.5 * of_chance);
  EXPECT_LT(
      scanned(BuildCells(values, kDimension, {.items_per_cell = 40}), 0.5),
      of_neighbours);
  EXPECT_EQ(ItemsScanned(values, kDimension, InInputOrder({0, kItems}), {}, 100,
                         0.97),
            0);
}

TEST(ChooseCells, TakesTheWayThatReadsLess) {
  const auto values = ClusteredVectors(kItems, kDimension, 1);
  const auto queries = ClusteredVectors(20, kDimension, 1);
  CellOptions options{.items_per_cell = 40};
  const CellDemand demand{.queries = queries, .depth = 100, .share = 0.97};
  const auto scanned = [&](const CellAssignment& cells) {
    return ItemsScanned(values, kDimension, cells, queries, 100, 0.97);
  };
  const double chosen =
      scanned(ChooseCells(values, kDimension, demand, options));
  double least = kItems;
  for (const double power : {0.0, 2.0}) {
    options.length_power = power;
    least = std::min(least, scanned(BuildCells(values, kDimension, options)));
  }
  EXPECT_EQ(chosen, least);
}

TEST(ChooseCells, WithoutQueriesOrItemsIsFine) {
  const auto values = ClusteredVectors(300, kDimension, 1);
  const auto cells = ChooseCells(values, kDimension, {}, {});
  EXPECT_EQ(cells.begins.back(), 300);
  EXPECT_EQ(ChooseCells({}, kDimension, {}, {}).begins,
            std::vector<uint32_t>{0});
}

}  // namespace
}  // namespace marquee
