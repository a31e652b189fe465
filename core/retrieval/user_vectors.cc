#include "core/retrieval/user_vectors.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/simd/half.h"

namespace marquee {

absl::StatusOr<std::unique_ptr<const UserVectors>> UserVectors::Open(
    const ArrayFile& file, size_t dimension) {
  std::unique_ptr<UserVectors> vectors(new UserVectors);
  MARQUEE_ASSIGN_OR_RETURN(vectors->values_, file.Array<uint16_t>("values"));
  if (dimension == 0 || vectors->values_.size() % dimension != 0) {
    return absl::DataLossError(absl::StrCat(
        file.name(), ": array 'values' is not rows of ", dimension));
  }
  vectors->dimension_ = dimension;
  vectors->size_ = vectors->values_.size() / dimension;
  return vectors;
}

bool UserVectors::Read(UserRow row, std::span<float> out) const {
  if (Index(row) >= size_) return false;
  simd::FloatsFromHalves(values_.data() + size_t{Index(row)} * dimension_,
                         dimension_, out.data());
  return std::all_of(out.begin(), out.end(),
                     [](float v) { return std::isfinite(v); });
}

UserVectorWriter::UserVectorWriter(size_t dimension, ArrayFileWriter& out)
    : out_(out), row_(dimension) {
  out_.Begin("values", sizeof(uint16_t));
}

absl::Status UserVectorWriter::Add(std::span<const float> vector) {
  for (size_t i = 0; i < vector.size(); ++i) {
    row_[i] = simd::HalfFromFloat(vector[i]);
    if (!(std::abs(vector[i]) <= UserVectors::kMaxValue)) {
      return absl::InvalidArgumentError(
          absl::StrCat("user vectors: row ", rows_, ", column ", i, ": ",
                       vector[i], " is beyond ", UserVectors::kMaxValue,
                       ", the largest number of the stored form"));
    }
  }
  ++rows_;
  out_.Append<uint16_t>(row_);
  return absl::OkStatus();
}

}  // namespace marquee
