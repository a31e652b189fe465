// The vectors of the items as bytes. Retrieval scans these instead of the
// floats. At 64 dimensions an item is one cache line.
#ifndef MARQUEE_CORE_RETRIEVAL_ITEM_CODES_H_
#define MARQUEE_CORE_RETRIEVAL_ITEM_CODES_H_

#include <cstddef>
#include <memory>
#include <span>

#include "absl/status/statusor.h"
#include "core/files/array_file.h"
#include "core/simd/code_scan.h"

namespace marquee {

// A view of the section `item_codes`, which must outlive it. Immutable after
// construction. Invariant: every scale is between 0 and ItemVectors::kMaxValue,
// so that no score overflows.
class ItemCodes {
 public:
  // `items`: the number of items with a vector. Errors: DataLoss that names
  // the array.
  static absl::StatusOr<std::unique_ptr<const ItemCodes>> Open(
      const ArrayFile& file, size_t items, size_t dimension);

  // The rows for the kernels of code_scan.h.
  const simd::CodeMatrix& matrix() const { return matrix_; }
  size_t size() const { return size_; }

 private:
  ItemCodes() = default;

  size_t size_ = 0;
  simd::CodeMatrix matrix_;
};

// `values`: [rows × dimension], row-major, finite; dimension at most 1024.
void WriteItemCodes(std::span<const float> values, size_t dimension,
                    ArrayFileWriter& out);

}  // namespace marquee

#endif  // MARQUEE_CORE_RETRIEVAL_ITEM_CODES_H_
