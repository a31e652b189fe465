#include "core/catalog/item_vectors.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace marquee {
namespace {

bool AllFinite(std::span<const float> values) {
  return std::all_of(values.begin(), values.end(),
                     [](float v) { return std::isfinite(v); });
}

std::vector<float> GramMatrix(std::span<const float> values, size_t dimension) {
  // In double: the diagonal sums squares over all items.
  std::vector<double> sum(dimension * dimension, 0);
  for (size_t at = 0; at < values.size(); at += dimension) {
    for (size_t i = 0; i < dimension; ++i) {
      const double left = values[at + i];
      for (size_t j = 0; j < dimension; ++j)
        sum[i * dimension + j] += left * values[at + j];
    }
  }
  return {sum.begin(), sum.end()};
}

// Checks the limits of the writer: within them, sums over a dimension can not
// overflow.
absl::Status CheckValues(const ArrayFile& file, std::span<const float> values,
                         size_t dimension) {
  const auto wrong =
      std::find_if(values.begin(), values.end(), [](float value) {
        // The condition is written so that NaN fails it.
        return !(std::abs(value) <= ItemVectors::kMaxValue);
      });
  if (wrong == values.end()) return absl::OkStatus();
  const auto at = static_cast<size_t>(wrong - values.begin());
  return absl::DataLossError(absl::StrCat(
      file.name(), ": array 'values': row ", at / dimension, ", column ",
      at % dimension, ": ", *wrong, " is not a number of -1e6 to 1e6"));
}

absl::Status Check(std::span<const float> values, size_t dimension) {
  if (dimension == 0 || dimension > ItemVectors::kMaxDimension ||
      values.size() % dimension != 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "item vectors of dimension ", dimension, ": must be 1 to 1024"));
  }
  for (size_t i = 0; i < values.size(); ++i) {
    // The condition is written so that NaN fails it.
    if (!(std::abs(values[i]) <= ItemVectors::kMaxValue)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "item vectors: row ", i / dimension, ", column ", i % dimension, ": ",
          values[i], " is not a number of -1e6 to 1e6"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<const ItemVectors>> ItemVectors::Open(
    const ArrayFile& file) {
  const auto bad = [&](absl::string_view what) {
    return absl::DataLossError(absl::StrCat(file.name(), ": ", what));
  };
  std::unique_ptr<ItemVectors> vectors(new ItemVectors);
  MARQUEE_ASSIGN_OR_RETURN(const std::span<const uint32_t> shape,
                           file.Array<uint32_t>("shape"));
  if (shape.size() != 2 || shape[1] == 0 || shape[1] > kMaxDimension) {
    return bad("array 'shape' is not rows and a dimension of 1 to 1024");
  }
  vectors->size_ = shape[0];
  vectors->dimension_ = shape[1];
  MARQUEE_ASSIGN_OR_RETURN(vectors->values_, file.Array<float>("values"));
  if (vectors->values_.size() != vectors->size_ * vectors->dimension_) {
    return bad("array 'values' has another size than 'shape' says");
  }
  MARQUEE_RETURN_IF_ERROR(CheckValues(file, vectors->values_, shape[1]));
  MARQUEE_ASSIGN_OR_RETURN(vectors->gram_, file.Array<float>("gram"));
  MARQUEE_ASSIGN_OR_RETURN(const std::span<const float> als,
                           file.Array<float>("als"));
  if (als.size() != 2 || !AllFinite(als) || !AllFinite(vectors->gram_) ||
      (!vectors->gram_.empty() &&
       vectors->gram_.size() != vectors->dimension_ * vectors->dimension_)) {
    return bad("the ALS parameters or the Gram matrix are not of this model");
  }
  if (!vectors->gram_.empty() && !(als[0] > 0 && als[1] > 0)) {
    return bad("array 'als': both parameters of ALS must be more than 0");
  }
  vectors->als_ = {.alpha = als[0], .regularization = als[1]};
  return vectors;
}

absl::Status WriteItemVectors(std::span<const float> values, size_t dimension,
                              const AlsParameters* als, ArrayFileWriter& out) {
  MARQUEE_RETURN_IF_ERROR(Check(values, dimension));
  const uint32_t shape[2] = {static_cast<uint32_t>(values.size() / dimension),
                             static_cast<uint32_t>(dimension)};
  out.Add<uint32_t>("shape", shape);
  out.Add<float>("values", values);
  const float constants[2] = {als ? als->alpha : 0,
                              als ? als->regularization : 0};
  out.Add<float>("als", constants);
  out.Add<float>("gram",
                 als ? GramMatrix(values, dimension) : std::vector<float>());
  return absl::OkStatus();
}

}  // namespace marquee
