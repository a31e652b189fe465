// How the numbers of an .npy file lie, and how they become ours: float32 or
// float16, little-endian, in C order.
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
  NpyType type = NpyType::kFloat32;  // what a number is read as
  size_t bytes = 4;                  // of a number in the file; 8: a float64
  bool big_endian = false;
  bool fortran_order = false;

  // Whether the bytes of the file serve as they are.
  bool IsOurs() const;
};

// Errors: FailedPrecondition for numbers of another type, with the NumPy
// expression that makes them ours.
absl::StatusOr<NpyForm> FormOf(const NpyHeader& header);

// What is not ours in the form, and how to save a matrix that needs no
// conversion. Requires: not IsOurs().
std::string TellConversion(const NpyForm& form);

// The numbers [rows × columns] of `form.type` in our form. Errors:
// FailedPrecondition with row and column, from 0, of a finite float64 that no
// float32 holds; `limit` is what the message allows of either sign. Requires:
// data.size() == rows * columns * form.bytes.
absl::StatusOr<std::vector<std::byte>> ConvertNumbers(
    std::span<const std::byte> data, const NpyForm& form, size_t rows,
    size_t columns, float limit);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_FORMATS_NPY_FORM_H_
