#include "core/retrieval/item_codes.h"

#include <algorithm>
#include <cfloat>
#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/catalog/item_vectors.h"

namespace marquee {

absl::StatusOr<std::unique_ptr<const ItemCodes>> ItemCodes::Open(
    const ArrayFile& file, size_t items, size_t dimension) {
  const size_t rows = simd::PaddedRows(items);
  const size_t stride = simd::CodeStride(dimension);
  MARQUEE_ASSIGN_OR_RETURN(const std::span<const uint8_t> codes,
                           file.Array<uint8_t>("codes"));
  MARQUEE_ASSIGN_OR_RETURN(const std::span<const float> scales,
                           file.Array<float>("scales"));
  if (codes.size() != rows * stride || scales.size() != rows) {
    return absl::DataLossError(
        absl::StrCat(file.name(), ": arrays 'codes' and 'scales' are not ",
                     rows, " rows of ", stride, " bytes"));
  }
  const auto bad = std::find_if(scales.begin(), scales.end(), [](float scale) {
    const bool normal = scale >= FLT_MIN && scale <= ItemVectors::kMaxValue;
    return !(normal || scale == 0);
  });
  if (bad != scales.end()) {
    return absl::DataLossError(absl::StrCat(
        file.name(), ": array 'scales': row ", bad - scales.begin(),
        " is not 0 or a normal number of at most 1e6"));
  }
  std::unique_ptr<ItemCodes> item_codes(new ItemCodes);
  item_codes->size_ = items;
  item_codes->matrix_ = {codes.data(), scales.data(), stride};
  return item_codes;
}

void WriteItemCodes(std::span<const float> values, size_t dimension,
                    ArrayFileWriter& out) {
  const size_t items = values.size() / dimension;
  const size_t rows = simd::PaddedRows(items);
  std::vector<uint8_t> code(simd::CodeStride(dimension));
  std::vector<float> scales(rows, 0);
  out.Begin("codes", 1);
  for (size_t row = 0; row < rows; ++row) {
    // Rows of the padding belong to no item.
    std::span<const float> vector;
    if (row < items) vector = values.subspan(row * dimension, dimension);
    scales[row] = simd::EncodeRow(vector, code);
    out.Append<uint8_t>(code);
  }
  out.Add<float>("scales", scales);
}

}  // namespace marquee
