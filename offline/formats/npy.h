// Matrices in NumPy's .npy files (format versions 1 to 3): two dimensions of
// float32, float16 or float64, in either byte order, in C or Fortran order.
// Every training stack can write embeddings in this format for `marquee build`.
// Little-endian float32 and float16 in C order are mapped. Other forms are
// converted to these in memory. Source of the format: numpy.lib.format.
#ifndef MARQUEE_OFFLINE_FORMATS_NPY_H_
#define MARQUEE_OFFLINE_FORMATS_NPY_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/files/mapped_file.h"
#include "core/files/output_file.h"
#include "offline/formats/npy_form.h"

namespace marquee {

// Limits on the contents of a matrix.
struct NpyLimits {
  size_t columns = std::numeric_limits<size_t>::max();
  float value = std::numeric_limits<float>::max();  // largest absolute value
  // If there are rows, the largest absolute value must be at least this.
  float largest = 0;
};

// A matrix [rows × dim], row-major, of finite numbers, mapped or converted in
// memory. Immutable after construction.
class NpyMatrix {
 public:
  // Reads every number once. Errors, all with the path: NotFound;
  // FailedPrecondition for an array of another type or shape, and beyond the
  // limits; DataLoss for a malformed header, a size that differs from the
  // header's, and a NaN or infinity. An error about a number names its row and
  // column, from 0.
  static absl::StatusOr<std::unique_ptr<const NpyMatrix>> Open(
      const std::string& path, const NpyLimits& limits = {});

  size_t rows() const { return rows_; }
  size_t dim() const { return dim_; }
  NpyType type() const { return type_; }
  // The largest absolute value; 0 without rows.
  float largest() const { return largest_; }
  // The rows in which every number is 0, ascending.
  std::span<const size_t> zero_rows() const { return zero_rows_; }
  const std::string& path() const { return path_; }
  // "PATH: WHAT" if numbers were converted; empty: not converted.
  const std::string& conversion() const { return conversion_; }

  // [rows × dim]. Requires: type() == kFloat32.
  std::span<const float> Float32() const;
  // The bits, [rows × dim]. Requires: type() == kFloat16.
  std::span<const uint16_t> Float16() const;
  // Writes the row as float32, from either type. Requires: row < rows(),
  // out.size() == dim().
  void CopyRow(size_t row, std::span<float> out) const;
  // Returns rows at equal distances as float32, [min(count, rows()) × dim].
  std::vector<float> SampleRows(size_t count) const;

 private:
  NpyMatrix() = default;
  // Uses the numbers of the file as they are, or copies or converts them.
  absl::Status TakeNumbers(const NpyHeader& header, const NpyLimits& limits);
  absl::Status CheckValues(const NpyLimits& limits);

  std::string path_;
  std::string conversion_;
  std::unique_ptr<const MappedFile> mapping_;
  // Used if the numbers of the file are not aligned or have another form.
  std::vector<std::byte> own_;
  std::span<const std::byte> data_;
  NpyType type_ = NpyType::kFloat32;
  size_t rows_ = 0;
  size_t dim_ = 0;
  float largest_ = 0;
  std::vector<size_t> zero_rows_;
};

// Writes a matrix row by row. The number of rows need not be known before the
// end. Externally synchronised.
class NpyWriter {
 public:
  // Requires: dim >= 1. Errors: those of OutputFile::Create.
  static absl::StatusOr<std::unique_ptr<NpyWriter>> Create(
      const std::string& path, size_t dim, NpyType type);

  // Requires: whole rows. The numbers should be finite: NpyMatrix refuses
  // others.
  void Append(std::span<const float> rows);

  // Completes the header and returns the file for PublishAll.
  OutputFile* Finish();

 private:
  NpyWriter(std::unique_ptr<OutputFile> file, size_t dim, NpyType type)
      : file_(std::move(file)), dim_(dim), type_(type) {}

  const std::unique_ptr<OutputFile> file_;
  const size_t dim_;
  const NpyType type_;
  std::vector<uint16_t> halves_;
  size_t rows_ = 0;
};

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_FORMATS_NPY_H_
