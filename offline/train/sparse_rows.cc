#include "offline/train/sparse_rows.h"

#include "core/base/check.h"

namespace marquee {
namespace {

// Counting sort by row. Keeps the order within a row, and duplicates.
template <typename RowOf, typename ColumnOf>
SparseRows Bucket(size_t size, RowOf row_of, ColumnOf column_of,
                  std::span<const float> values, size_t rows_count,
                  size_t columns_count) {
  SparseRows result;
  result.columns_count = columns_count;
  result.offsets.assign(rows_count + 1, 0);
  for (size_t i = 0; i < size; ++i) ++result.offsets[row_of(i) + 1];
  for (size_t r = 0; r < rows_count; ++r) {
    result.offsets[r + 1] += result.offsets[r];
  }
  result.columns.resize(size);
  result.values.resize(size);
  std::vector<uint64_t> next(result.offsets.begin(), result.offsets.end() - 1);
  for (size_t i = 0; i < size; ++i) {
    const uint64_t to = next[row_of(i)]++;
    result.columns[to] = column_of(i);
    result.values[to] = values[i];
  }
  return result;
}

void MergeDuplicates(SparseRows* matrix) {
  uint64_t to = 0;
  uint64_t from = 0;
  for (size_t r = 0; r < matrix->rows(); ++r) {
    // In place: `to` is never beyond `from`, and the end of a row is replaced
    // only after the row is read.
    const uint64_t row_begin = to;
    for (; from < matrix->offsets[r + 1]; ++from) {
      if (to > row_begin && matrix->columns[to - 1] == matrix->columns[from]) {
        matrix->values[to - 1] += matrix->values[from];
        continue;
      }
      matrix->columns[to] = matrix->columns[from];
      matrix->values[to++] = matrix->values[from];
    }
    matrix->offsets[r + 1] = to;
  }
  matrix->columns.resize(to);
  matrix->values.resize(to);
}

}  // namespace

SparseRows Transpose(const SparseRows& matrix) {
  std::vector<uint32_t> row_of(matrix.columns.size());
  for (size_t r = 0; r < matrix.rows(); ++r) {
    for (uint64_t i = matrix.offsets[r]; i < matrix.offsets[r + 1]; ++i) {
      row_of[i] = static_cast<uint32_t>(r);
    }
  }
  return Bucket(
      matrix.columns.size(), [&](size_t i) { return matrix.columns[i]; },
      [&](size_t i) { return row_of[i]; }, matrix.values, matrix.columns_count,
      matrix.rows());
}

SparseRows SparseFromPairs(std::span<const uint32_t> rows,
                           std::span<const uint32_t> columns,
                           std::span<const float> values, size_t rows_count,
                           size_t columns_count) {
  MARQUEE_CHECK(rows.size() == columns.size() && rows.size() == values.size());
  // Sorted by column first, so that the stable sort by row sorts each row.
  const SparseRows by_column = Bucket(
      rows.size(), [&](size_t i) { return columns[i]; },
      [&](size_t i) { return rows[i]; }, values, columns_count, rows_count);
  SparseRows by_row = Transpose(by_column);
  MergeDuplicates(&by_row);
  return by_row;
}

}  // namespace marquee
