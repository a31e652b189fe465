// The header of an .npy file, a Python dictionary as text. Parsed as hostile
// input. Source of the format: numpy.lib.format.
#ifndef MARQUEE_OFFLINE_FORMATS_NPY_HEADER_H_
#define MARQUEE_OFFLINE_FORMATS_NPY_HEADER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace marquee {

struct NpyHeader {
  std::string descr;  // for example "<f4"
  bool fortran_order = false;
  std::vector<uint64_t> shape;
  size_t data_offset = 0;  // offset of the first number in the file
};

// Parses the header at the start of `file`, which may be the whole file or a
// long enough prefix. Errors: DataLoss that says what is malformed, without the
// path.
absl::StatusOr<NpyHeader> ParseNpyHeader(absl::string_view file);

// Returns a version 1 header of exactly 128 bytes for a matrix in C order.
std::string FormatNpyHeader(absl::string_view descr, uint64_t rows,
                            uint64_t dim);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_FORMATS_NPY_HEADER_H_
