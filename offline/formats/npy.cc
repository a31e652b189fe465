#include "offline/formats/npy.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "core/simd/half.h"
#include "offline/formats/npy_header.h"

namespace marquee {
namespace {

constexpr absl::string_view kFloat32 = "<f4";
constexpr absl::string_view kFloat16 = "<f2";

absl::Status CheckShape(const NpyHeader& header, size_t most_columns) {
  if (header.shape.size() != 2 || header.shape[1] == 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("has the shape (", absl::StrJoin(header.shape, ", "),
                     "); a matrix of rows and at least one column is needed"));
  }
  if (header.shape[1] > most_columns) {
    return absl::FailedPreconditionError(absl::StrCat(
        "has ", header.shape[1], " columns; must have at most ", most_columns));
  }
  return absl::OkStatus();
}

// Returns the bytes of the numbers if they are exactly the rest of the file.
absl::StatusOr<std::span<const std::byte>> Data(std::span<const std::byte> file,
                                                const NpyHeader& header,
                                                size_t element_bytes) {
  const size_t have = file.size() - header.data_offset;
  size_t wanted = 0;
  if (__builtin_mul_overflow(header.shape[0], header.shape[1], &wanted) ||
      __builtin_mul_overflow(wanted, element_bytes, &wanted) ||
      wanted != have) {
    return absl::DataLossError(absl::StrCat(
        "its header says ", header.shape[0], " x ", header.shape[1],
        " numbers of ", element_bytes, " bytes, but ", have, " bytes follow"));
  }
  return file.subspan(header.data_offset);
}

absl::Status At(const std::string& path, const absl::Status& status) {
  return absl::Status(status.code(),
                      absl::StrCat(path, ": ", status.message()));
}

}  // namespace

absl::StatusOr<std::unique_ptr<const NpyMatrix>> NpyMatrix::Open(
    const std::string& path, const NpyLimits& limits) {
  std::unique_ptr<NpyMatrix> matrix(new NpyMatrix);
  matrix->path_ = path;
  MARQUEE_ASSIGN_OR_RETURN(matrix->mapping_, MappedFile::Open(path));
  const std::span<const std::byte> file = matrix->mapping_->bytes();
  const auto header = ParseNpyHeader(absl::string_view(
      reinterpret_cast<const char*>(file.data()), file.size()));
  if (!header.ok()) return At(path, header.status());
  if (absl::Status s = matrix->TakeNumbers(*header, limits); !s.ok()) {
    return At(path, s);
  }
  if (absl::Status s = matrix->CheckValues(limits); !s.ok()) {
    return At(path, s);
  }
  return matrix;
}

absl::Status NpyMatrix::TakeNumbers(const NpyHeader& header,
                                    const NpyLimits& limits) {
  MARQUEE_ASSIGN_OR_RETURN(const NpyForm form, FormOf(header));
  MARQUEE_RETURN_IF_ERROR(CheckShape(header, limits.columns));
  MARQUEE_ASSIGN_OR_RETURN(data_, Data(mapping_->bytes(), header, form.bytes));
  type_ = form.type;
  rows_ = header.shape[0];
  dim_ = header.shape[1];
  if (!form.IsOurs()) {
    MARQUEE_ASSIGN_OR_RETURN(
        own_, ConvertNumbers(data_, form, rows_, dim_, limits.value));
    conversion_ = absl::StrCat(path_, ": ", TellConversion(form));
    data_ = own_;
    // The mapping begins on a page, so the offset alone decides whether numbers
    // are aligned.
  } else if (header.data_offset % form.bytes != 0) {
    own_.assign(data_.begin(), data_.end());
    data_ = own_;
  }
  return absl::OkStatus();
}

absl::Status NpyMatrix::CheckValues(const NpyLimits& limits) {
  for (size_t row = 0; row < rows_; ++row) {
    float largest = 0;
    for (size_t column = 0; column < dim_; ++column) {
      const size_t i = row * dim_ + column;
      const float value = type_ == NpyType::kFloat32
                              ? Float32()[i]
                              : simd::FloatFromHalf(Float16()[i]);
      // The condition is written so that NaN fails it.
      if (std::abs(value) <= limits.value) {
        largest = std::max(largest, std::abs(value));
        continue;
      }
      const std::string place =
          absl::StrCat("row ", row, ", column ", column, " is ", value);
      if (!std::isfinite(value)) {
        return absl::DataLossError(
            absl::StrCat(place, "; every number must be finite"));
      }
      return absl::FailedPreconditionError(absl::StrCat(
          place, "; must be from ", -limits.value, " to ", limits.value));
    }
    largest_ = std::max(largest_, largest);
    if (largest == 0) zero_rows_.push_back(row);
  }
  if (rows_ > 0 && largest_ < limits.largest) {
    return absl::FailedPreconditionError(
        absl::StrCat("its largest number is ", largest_, "; must be at least ",
                     limits.largest, ": multiply all by one factor"));
  }
  return absl::OkStatus();
}

std::span<const float> NpyMatrix::Float32() const {
  MARQUEE_CHECK(type_ == NpyType::kFloat32);
  return {reinterpret_cast<const float*>(data_.data()), rows_ * dim_};
}

std::span<const uint16_t> NpyMatrix::Float16() const {
  MARQUEE_CHECK(type_ == NpyType::kFloat16);
  return {reinterpret_cast<const uint16_t*>(data_.data()), rows_ * dim_};
}

std::vector<float> NpyMatrix::SampleRows(size_t count) const {
  count = std::min<size_t>(count, rows_);
  std::vector<float> sample(count * dim_);
  for (size_t i = 0; i < count; ++i) {
    CopyRow(i * rows_ / count, std::span(sample).subspan(i * dim_, dim_));
  }
  return sample;
}

void NpyMatrix::CopyRow(size_t row, std::span<float> out) const {
  MARQUEE_CHECK(row < rows_ && out.size() == dim_);
  if (type_ == NpyType::kFloat32) {
    std::memcpy(out.data(), Float32().data() + row * dim_,
                dim_ * sizeof(float));
    return;
  }
  simd::FloatsFromHalves(Float16().data() + row * dim_, dim_, out.data());
}

absl::StatusOr<std::unique_ptr<NpyWriter>> NpyWriter::Create(
    const std::string& path, size_t dim, NpyType type) {
  MARQUEE_CHECK(dim >= 1);
  MARQUEE_ASSIGN_OR_RETURN(auto file, OutputFile::Create(path));
  // Takes the place of the header, which has the same length for any number of
  // rows. Finish writes it.
  file->Append(FormatNpyHeader(kFloat32, 0, dim));
  return std::unique_ptr<NpyWriter>(new NpyWriter(std::move(file), dim, type));
}

void NpyWriter::Append(std::span<const float> rows) {
  MARQUEE_CHECK(rows.size() % dim_ == 0);
  rows_ += rows.size() / dim_;
  if (type_ == NpyType::kFloat32) {
    file_->Append(std::as_bytes(rows));
    return;
  }
  halves_.clear();
  for (const float value : rows) halves_.push_back(simd::HalfFromFloat(value));
  file_->Append(std::as_bytes(std::span<const uint16_t>(halves_)));
}

OutputFile* NpyWriter::Finish() {
  file_->Overwrite(
      0, FormatNpyHeader(type_ == NpyType::kFloat32 ? kFloat32 : kFloat16,
                         rows_, dim_));
  return file_.get();
}

}  // namespace marquee
