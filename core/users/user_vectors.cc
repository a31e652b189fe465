#include "core/users/user_vectors.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/simd/half.h"

namespace marquee {
namespace {

// Maps the largest value to 2^14 … 2^15; binary16 ends below 2^16.
// A power of two, because it scales without rounding.
float ScaleFor(float largest) {
  return largest > 0 ? std::ldexp(1.0f, std::ilogb(largest) - 14) : 1.0f;
}

bool IsPowerOfTwo(float value) {
  int exponent = 0;
  return std::isfinite(value) && std::frexp(value, &exponent) == 0.5f;
}

}  // namespace

absl::StatusOr<std::unique_ptr<const UserVectors>> UserVectors::Open(
    const ArrayFile& file, size_t dimension) {
  std::unique_ptr<UserVectors> vectors(new UserVectors);
  MARQUEE_ASSIGN_OR_RETURN(vectors->values_, file.Array<uint16_t>("values"));
  if (dimension == 0 || vectors->values_.size() % dimension != 0) {
    return absl::DataLossError(absl::StrCat(
        file.name(), ": array 'values' is not rows of ", dimension));
  }
  MARQUEE_ASSIGN_OR_RETURN(const std::span<const float> scale,
                           file.Array<float>("scale"));
  if (scale.size() != 1 || !IsPowerOfTwo(scale[0])) {
    return absl::DataLossError(
        absl::StrCat(file.name(), ": array 'scale' is not a power of two"));
  }
  if (scale[0] > ScaleFor(UserVectors::kMaxValue)) {
    return absl::DataLossError(absl::StrCat(
        file.name(), ": array 'scale' is ", scale[0], ", of values beyond ",
        UserVectors::kMaxValue, ", which no vector has"));
  }
  vectors->scale_ = scale[0];
  vectors->dimension_ = dimension;
  vectors->size_ = vectors->values_.size() / dimension;
  return vectors;
}

bool UserVectors::Read(UserRow row, std::span<float> out) const {
  if (Index(row) >= size_) return false;
  simd::FloatsFromHalves(values_.data() + size_t{Index(row)} * dimension_,
                         dimension_, out.data());
  for (float& v : out) v *= scale_;
  return std::all_of(out.begin(), out.end(),
                     [](float v) { return std::isfinite(v); });
}

UserVectorWriter::UserVectorWriter(size_t dimension, float largest,
                                   ArrayFileWriter& out)
    : out_(out), largest_(largest), scale_(ScaleFor(largest)), row_(dimension) {
  out_.Add<float>("scale", std::span(&scale_, 1));
  out_.Begin("values", sizeof(uint16_t));
}

absl::Status UserVectorWriter::Add(std::span<const float> vector) {
  for (size_t i = 0; i < vector.size(); ++i) {
    // The condition is written so that NaN fails it.
    if (!(std::abs(vector[i]) <= largest_)) {
      return absl::InvalidArgumentError(
          absl::StrCat("user vectors: row ", rows_, ", column ", i, ": ",
                       vector[i], " is beyond ", largest_));
    }
    row_[i] = simd::HalfFromFloat(vector[i] / scale_);
  }
  ++rows_;
  out_.Append<uint16_t>(row_);
  return absl::OkStatus();
}

}  // namespace marquee
