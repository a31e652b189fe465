// The partition of the items into cells of neighbours. Every cell is a range of
// rows.
#ifndef MARQUEE_CORE_RETRIEVAL_ITEM_CELLS_H_
#define MARQUEE_CORE_RETRIEVAL_ITEM_CELLS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "core/base/aligned_buffer.h"
#include "core/files/array_file.h"
#include "core/simd/code_scan.h"

namespace marquee {

// The content of the section `item_cells`, as a builder makes it.
struct CellParts {
  // [cells + 1], ascending from 0 to the number of items. Cell c is the rows
  // begins[c] to begins[c + 1] − 1.
  std::vector<uint32_t> begins;
  // [cells × dimension]: the mean of each cell's vectors.
  std::vector<float> centers;
  // [cells]: the deviation of a cell's vectors from its center in one
  // direction, √(mean |v − center|² / dimension).
  std::vector<float> spreads;
  // CellScan::Options::stop_share, tuned for this data (TuneStopShare).
  float stop_share = 0;
};

// Immutable after construction. Invariants: the cells contain every item once;
// centers and spreads are within ItemVectors::kMaxValue; 0 <= stop_share <= 1.
class ItemCells {
 public:
  // `items`: the number of items with a vector. `file` must outlive the
  // result. Errors: DataLoss that names the array.
  static absl::StatusOr<std::unique_ptr<const ItemCells>> Open(
      const ArrayFile& file, size_t items, size_t dimension);

  size_t size() const { return begins_.size() - 1; }
  uint32_t begin(size_t cell) const { return begins_[cell]; }
  uint32_t end(size_t cell) const { return begins_[cell + 1]; }
  float stop_share() const { return stop_share_; }
  std::span<const float> spreads() const { return spreads_; }
  // The codes of the centers, in the format of item codes.
  simd::CodeMatrix centers() const {
    return {codes_.data(), scales_.data(), stride_};
  }

 private:
  ItemCells() = default;
  void EncodeCenters(std::span<const float> centers, size_t dimension);

  std::span<const uint32_t> begins_;
  std::span<const float> spreads_;
  float stop_share_ = 0;
  size_t stride_ = 0;
  AlignedBuffer<uint8_t> codes_;
  AlignedBuffer<float> scales_;
};

void WriteItemCells(const CellParts& parts, ArrayFileWriter& out);

}  // namespace marquee

#endif  // MARQUEE_CORE_RETRIEVAL_ITEM_CELLS_H_
