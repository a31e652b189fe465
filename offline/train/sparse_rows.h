// A sparse matrix by rows, for example the items of every user, or the users of
// every item.
#ifndef MARQUEE_OFFLINE_TRAIN_SPARSE_ROWS_H_
#define MARQUEE_OFFLINE_TRAIN_SPARSE_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace marquee {

// Columns ascend within a row, each at most once.
struct SparseRows {
  size_t columns_count = 0;
  std::vector<uint64_t> offsets = {0};  // [rows + 1]
  std::vector<uint32_t> columns;
  std::vector<float> values;

  size_t rows() const { return offsets.size() - 1; }
  std::span<const uint32_t> ColumnsOf(size_t row) const {
    return {columns.data() + offsets[row], columns.data() + offsets[row + 1]};
  }
  std::span<const float> ValuesOf(size_t row) const {
    return {values.data() + offsets[row], values.data() + offsets[row + 1]};
  }
};

// Adds the values of equal pairs. Requires: spans of equal length, numbers
// below `rows_count` and `columns_count`.
SparseRows SparseFromPairs(std::span<const uint32_t> rows,
                           std::span<const uint32_t> columns,
                           std::span<const float> values, size_t rows_count,
                           size_t columns_count);

SparseRows Transpose(const SparseRows& matrix);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_TRAIN_SPARSE_ROWS_H_
