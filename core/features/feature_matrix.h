// The rows that a ranker scores, in blocks of 64 rows. Inside a block the
// matrix is feature-major, so one feature of 64 candidates is four adjacent
// cache lines.
#ifndef MARQUEE_CORE_FEATURES_FEATURE_MATRIX_H_
#define MARQUEE_CORE_FEATURES_FEATURE_MATRIX_H_

#include <cstddef>

#include "core/base/aligned_buffer.h"
#include "core/base/check.h"

namespace marquee {

// Externally synchronised. Created once for the largest request and reused for
// each. A missing value is NaN. Rows of the last block after rows() are
// unspecified.
class FeatureMatrix {
 public:
  static constexpr size_t kBlockRows = 64;

  FeatureMatrix() = default;
  FeatureMatrix(size_t max_rows, size_t features)
      : features_(features),
        max_rows_(max_rows),
        values_((max_rows + kBlockRows - 1) / kBlockRows * kBlockRows *
                features) {}

  // Keeps the values. Requires: rows <= the maximum given at construction.
  void SetRows(size_t rows) {
    MARQUEE_CHECK(rows <= max_rows_);
    rows_ = rows;
  }
  size_t rows() const { return rows_; }
  size_t features() const { return features_; }
  size_t blocks() const { return (rows_ + kBlockRows - 1) / kBlockRows; }

  // Returns the 64 values of a feature in a block.
  float* Column(size_t block, size_t feature) {
    return values_.data() + (block * features_ + feature) * kBlockRows;
  }
  const float* Column(size_t block, size_t feature) const {
    return values_.data() + (block * features_ + feature) * kBlockRows;
  }
  float& At(size_t row, size_t feature) {
    return Column(row / kBlockRows, feature)[row % kBlockRows];
  }
  float At(size_t row, size_t feature) const {
    return Column(row / kBlockRows, feature)[row % kBlockRows];
  }

 private:
  size_t features_ = 0;
  size_t max_rows_ = 0;
  size_t rows_ = 0;
  AlignedBuffer<float> values_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_FEATURES_FEATURE_MATRIX_H_
