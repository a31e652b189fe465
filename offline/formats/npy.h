// Matrices in NumPy's .npy files (format versions 1 to 3): two dimensions of
// float32, float16 or float64, in either byte order, in C or Fortran order. The
// form in which embeddings come from any training stack and go to `marquee
// build`. Little-endian float32 and float16 in C order are mapped; others are
// converted to these in memory.
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

// What a matrix may hold.
struct NpyLimits {
  size_t columns = std::numeric_limits<size_t>::max();
  float value = std::numeric_limits<float>::max();  // either sign
  // What the largest number must reach, of either sign, when there are rows.
  float largest = 0;
};

// A matrix [rows x dim], row-major, of finite numbers: mapped, or converted in
// memory. Immutable after construction.
class NpyMatrix {
 public:
  // Reads every number once. Errors, all with the path: NotFound;
  // FailedPrecondition for an array of another type or shape, and for what is
  // beyond the limits; DataLoss for a malformed header, a size that is not the
  // header's, and a NaN or infinity. Of a number, with row and column, from 0.
  static absl::StatusOr<std::unique_ptr<const NpyMatrix>> Open(
      const std::string& path, const NpyLimits& limits = {});

  size_t rows() const { return rows_; }
  size_t dim() const { return dim_; }
  NpyType type() const { return type_; }
  // Of the absolute values; 0 without rows.
  float largest() const { return largest_; }
  // The rows of which every number is 0, in order.
  std::span<const size_t> zero_rows() const { return zero_rows_; }
  const std::string& path() const { return path_; }
  // "PATH: WHAT" of numbers that were converted; empty: the file is mapped.
  const std::string& conversion() const { return conversion_; }

  // [rows x dim]. Requires: type() == kFloat32.
  std::span<const float> Float32() const;
  // [rows x dim], the bits. Requires: type() == kFloat16.
  std::span<const uint16_t> Float16() const;
  // The row as float32, of either type. Requires: row < rows(), out of dim().
  void CopyRow(size_t row, std::span<float> out) const;
  // [min(count, rows()) × dim] as float32: rows at equal distances.
  std::vector<float> SampleRows(size_t count) const;

 private:
  NpyMatrix() = default;
  // Takes the numbers of the file as they are, or copies or converts them.
  absl::Status TakeNumbers(const NpyHeader& header, const NpyLimits& limits);
  absl::Status CheckValues(const NpyLimits& limits);

  std::string path_;
  std::string conversion_;
  std::unique_ptr<const MappedFile> mapping_;
  // Used when the file misaligns its numbers or has another form.
  std::vector<std::byte> own_;
  std::span<const std::byte> data_;
  NpyType type_ = NpyType::kFloat32;
  size_t rows_ = 0;
  size_t dim_ = 0;
  float largest_ = 0;
  std::vector<size_t> zero_rows_;
};

// Writes a matrix row by row; the number of rows is known at the end only.
// Externally synchronised.
class NpyWriter {
 public:
  // Requires: dim >= 1. Errors: as OutputFile::Create.
  static absl::StatusOr<std::unique_ptr<NpyWriter>> Create(
      const std::string& path, size_t dim, NpyType type);

  // Requires: whole rows. The numbers should be finite: no reader of ours takes
  // others.
  void Append(std::span<const float> rows);

  // Completes the header and returns the file, for PublishAll.
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
