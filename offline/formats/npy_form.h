// The form of the numbers in an .npy file, and their conversion to our form:
// float32 or float16, little-endian, in C order.
#ifndef MARQUEE_OFFLINE_FORMATS_NPY_FORM_H_
#define MARQUEE_OFFLINE_FORMATS_NPY_FORM_H_

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "offline/formats/npy_header.h"

namespace marquee {

enum class NpyType { kFloat32, kFloat16 };

struct NpyForm {
  NpyType type = NpyType::kFloat32;  // the type to read numbers as
  size_t bytes = 4;                  // per number in the file; 8: a float64
  bool big_endian = false;
  bool fortran_order = false;

  // Whether the bytes of the file can be used as they are.
  bool IsOurs() const;
};

// Errors: FailedPrecondition for numbers of another type, with the NumPy
// expression that converts them.
absl::StatusOr<NpyForm> FormOf(const NpyHeader& header);

// Returns how the form differs from ours, and how to save a matrix that needs
// no conversion. Requires: not IsOurs().
std::string TellConversion(const NpyForm& form);

// Returns the numbers, [rows × columns] of `form.type`, in our form. Errors:
// FailedPrecondition with row and column, from 0, for a finite float64 that
// float32 can not hold; the message names `limit` as the largest absolute
// value. Requires: data.size() == rows * columns * form.bytes.
absl::StatusOr<std::vector<std::byte>> ConvertNumbers(
    std::span<const std::byte> data, const NpyForm& form, size_t rows,
    size_t columns, float limit);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_FORMATS_NPY_FORM_H_
