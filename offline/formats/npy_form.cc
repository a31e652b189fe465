#include "offline/formats/npy_form.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <tuple>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "offline/formats/parse_number.h"

namespace marquee {
namespace {

// In Fortran order, the numbers of this many rows are read column by column, so
// that the written block stays in the cache.
constexpr size_t kBlockRows = 256;

using Number = std::array<std::byte, sizeof(double)>;

size_t BytesOf(NpyType type) { return type == NpyType::kFloat32 ? 4 : 2; }

// Returns the bytes of one number of the file, the lowest first.
Number Load(const std::byte* from, const NpyForm& form) {
  Number number = {};
  if (form.big_endian) {
    std::reverse_copy(from, from + form.bytes, number.begin());
  } else {
    std::copy_n(from, form.bytes, number.begin());
  }
  return number;
}

// Turns a float64 into the nearest float32. Returns false if there is none.
bool Narrow(Number& number) {
  double wide;
  std::memcpy(&wide, number.data(), sizeof(wide));
  if (std::isfinite(wide) &&
      std::abs(wide) > std::numeric_limits<float>::max()) {
    return false;
  }
  const float narrow = static_cast<float>(wide);
  std::memcpy(number.data(), &narrow, sizeof(narrow));
  return true;
}

absl::Status OutOfRange(size_t row, size_t column, const Number& number,
                        float limit) {
  double value;
  std::memcpy(&value, number.data(), sizeof(value));
  return absl::FailedPreconditionError(
      absl::StrCat("row ", row, ", column ", column, " is ", value,
                   "; must be from ", -limit, " to ", limit));
}

}  // namespace

bool NpyForm::IsOurs() const {
  return bytes == BytesOf(type) && !big_endian && !fortran_order;
}

absl::StatusOr<NpyForm> FormOf(const NpyHeader& header) {
  for (const auto& [name, type, bytes] :
       {std::tuple("f4", NpyType::kFloat32, size_t{4}),
        std::tuple("f2", NpyType::kFloat16, size_t{2}),
        std::tuple("f8", NpyType::kFloat32, size_t{8})}) {
    for (const char order : {'<', '>'}) {
      if (header.descr != absl::StrCat(std::string(1, order), name)) continue;
      return NpyForm{.type = type,
                     .bytes = bytes,
                     .big_endian = order == '>',
                     .fortran_order = header.fortran_order};
    }
  }
  return absl::FailedPreconditionError(absl::StrCat(
      "has numbers of type ", QuoteForError(header.descr),
      "; float32 ('<f4'), float16 ('<f2') and float64 ('<f8') are read: save "
      "it with .astype('<f4')"));
}

std::string TellConversion(const NpyForm& form) {
  const bool half = form.type == NpyType::kFloat16;
  std::vector<std::string> traits;
  if (form.bytes == sizeof(double)) traits.push_back("float64");
  if (form.big_endian) traits.push_back("big-endian");
  if (form.fortran_order) traits.push_back("in Fortran order");
  return absl::StrCat(
      "its numbers are ", absl::StrJoin(traits, ", "),
      "; they are converted in memory. A matrix saved with .astype('",
      half ? "<f2" : "<f4", "', order='C') needs no conversion");
}

absl::StatusOr<std::vector<std::byte>> ConvertNumbers(
    std::span<const std::byte> data, const NpyForm& form, size_t rows,
    size_t columns, float limit) {
  const size_t width = BytesOf(form.type);
  std::vector<std::byte> converted(rows * columns * width);
  for (size_t begin = 0; begin < rows; begin += kBlockRows) {
    const size_t end = std::min(rows, begin + kBlockRows);
    for (size_t column = 0; column < columns; ++column) {
      for (size_t row = begin; row < end; ++row) {
        const size_t to = row * columns + column;
        const size_t from = form.fortran_order ? column * rows + row : to;
        Number number = Load(data.data() + from * form.bytes, form);
        if (form.bytes == sizeof(double) && !Narrow(number)) {
          return OutOfRange(row, column, number, limit);
        }
        std::copy_n(number.begin(), width, converted.data() + to * width);
      }
    }
  }
  return converted;
}

}  // namespace marquee
