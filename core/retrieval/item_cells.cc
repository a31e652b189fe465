#include "core/retrieval/item_cells.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/catalog/item_vectors.h"

namespace marquee {
namespace {

// Larger values could make scores overflow, and the scan would lose the cell.
bool IsInRange(float value) {
  return std::abs(value) <= ItemVectors::kMaxValue;
}

}  // namespace

absl::StatusOr<std::unique_ptr<const ItemCells>> ItemCells::Open(
    const ArrayFile& file, size_t items, size_t dimension) {
  const auto bad = [&](absl::string_view what) {
    return absl::DataLossError(absl::StrCat(file.name(), ": ", what));
  };
  std::unique_ptr<ItemCells> cells(new ItemCells);
  MARQUEE_ASSIGN_OR_RETURN(cells->begins_, file.Array<uint32_t>("begins"));
  const std::span<const uint32_t> begins = cells->begins_;
  if (begins.empty() || begins.front() != 0 || begins.back() != items ||
      !std::is_sorted(begins.begin(), begins.end())) {
    return bad(
        absl::StrCat("array 'begins' does not ascend from 0 to ", items));
  }
  MARQUEE_ASSIGN_OR_RETURN(const std::span<const float> centers,
                           file.Array<float>("centers"));
  if (centers.size() != cells->size() * dimension ||
      !std::all_of(centers.begin(), centers.end(), IsInRange)) {
    return bad(absl::StrCat("array 'centers' is not ", cells->size(),
                            " vectors of ", dimension,
                            " with values of -1e6 to 1e6"));
  }
  MARQUEE_ASSIGN_OR_RETURN(cells->spreads_, file.Array<float>("spreads"));
  if (cells->spreads_.size() != cells->size() ||
      !std::all_of(cells->spreads_.begin(), cells->spreads_.end(), IsInRange)) {
    return bad(absl::StrCat("array 'spreads' is not ", cells->size(),
                            " numbers of -1e6 to 1e6"));
  }
  MARQUEE_ASSIGN_OR_RETURN(const std::span<const float> stop_share,
                           file.Array<float>("stop_share"));
  if (stop_share.size() != 1 || !(stop_share[0] >= 0 && stop_share[0] <= 1)) {
    return bad("array 'stop_share' is not one number of 0 to 1");
  }
  cells->stop_share_ = stop_share[0];
  cells->EncodeCenters(centers, dimension);
  return cells;
}

void ItemCells::EncodeCenters(std::span<const float> centers,
                              size_t dimension) {
  stride_ = simd::CodeStride(dimension);
  codes_ = AlignedBuffer<uint8_t>(simd::PaddedRows(size()) * stride_);
  scales_ = AlignedBuffer<float>(simd::PaddedRows(size()));
  for (size_t cell = 0; cell < size(); ++cell) {
    scales_[cell] =
        simd::EncodeRow(centers.subspan(cell * dimension, dimension),
                        codes_.span().subspan(cell * stride_, stride_));
  }
}

void WriteItemCells(const CellParts& parts, ArrayFileWriter& out) {
  out.Add<uint32_t>("begins", parts.begins);
  out.Add<float>("centers", parts.centers);
  out.Add<float>("spreads", parts.spreads);
  out.Add<float>("stop_share", std::span(&parts.stop_share, 1));
}

}  // namespace marquee
