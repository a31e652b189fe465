// The vectors of the users: binary16 values times one power of two, one row per
// user.
#ifndef MARQUEE_CORE_USERS_USER_VECTORS_H_
#define MARQUEE_CORE_USERS_USER_VECTORS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/ids.h"
#include "core/files/array_file.h"

namespace marquee {

// A view of the section `user_vectors`, which must outlive it. Immutable after
// construction.
class UserVectors {
 public:
  // Larger values could make inner products overflow.
  static constexpr float kMaxValue = 1e6f;

  // Errors: DataLoss that names the array. Does not check values: Read checks
  // them.
  static absl::StatusOr<std::unique_ptr<const UserVectors>> Open(
      const ArrayFile& file, size_t dimension);

  // The number of users with a vector: rows 0 to size() - 1 of the user table.
  size_t size() const { return size_; }
  // Writes the vector as floats. Returns false, with unspecified `out`, if the
  // row has no vector or a value is not finite. Requires: out.size() ==
  // dimension.
  bool Read(UserRow row, std::span<float> out) const;

 private:
  UserVectors() = default;

  size_t size_ = 0;
  size_t dimension_ = 0;
  std::span<const uint16_t> values_;
  float scale_ = 1;
};

// Writes the section row by row. Externally synchronised.
class UserVectorWriter {
 public:
  // `largest`: the largest absolute value that will be added. It determines the
  // power of two, so that vectors of any size keep their digits.
  UserVectorWriter(size_t dimension, float largest, ArrayFileWriter& out);
  // Requires: vector.size() == dimension. Errors: InvalidArgument that names
  // the column of a value above `largest` or not a number.
  absl::Status Add(std::span<const float> vector);

 private:
  ArrayFileWriter& out_;
  const float largest_;
  const float scale_;
  size_t rows_ = 0;
  std::vector<uint16_t> row_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_USERS_USER_VECTORS_H_
