#include "offline/train/sparse_rows.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;

TEST(SparseRows, SortsColumnsAndAddsEqualPairs) {
  const std::vector<uint32_t> rows = {2, 0, 2, 2, 0};
  const std::vector<uint32_t> columns = {3, 1, 0, 3, 1};
  const std::vector<float> values = {1, 2, 4, 8, 16};
  const SparseRows matrix = SparseFromPairs(rows, columns, values, 3, 4);
  EXPECT_EQ(matrix.rows(), 3);
  EXPECT_THAT(matrix.offsets, ElementsAre(0, 1, 1, 3));
  EXPECT_THAT(matrix.columns, ElementsAre(1, 0, 3));
  EXPECT_THAT(matrix.values, ElementsAre(18, 4, 9));
}

TEST(SparseRows, TransposedTwiceItIsTheSame) {
  const std::vector<uint32_t> rows = {0, 0, 1, 3};
  const std::vector<uint32_t> columns = {4, 0, 2, 2};
  const std::vector<float> values = {1, 2, 3, 4};
  const SparseRows matrix = SparseFromPairs(rows, columns, values, 4, 5);
  const SparseRows transposed = Transpose(matrix);
  EXPECT_EQ(transposed.rows(), 5);
  EXPECT_THAT(transposed.ColumnsOf(2), ElementsAre(1, 3));
  const SparseRows again = Transpose(transposed);
  EXPECT_EQ(again.offsets, matrix.offsets);
  EXPECT_EQ(again.columns, matrix.columns);
  EXPECT_EQ(again.values, matrix.values);
}

}  // namespace
}  // namespace marquee
