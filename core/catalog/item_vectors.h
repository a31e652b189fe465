// The vectors of the items: float32, one row per item, and what fold-in needs
// of them.
#ifndef MARQUEE_CORE_CATALOG_ITEM_VECTORS_H_
#define MARQUEE_CORE_CATALOG_ITEM_VECTORS_H_

#include <cstddef>
#include <memory>
#include <span>

#include "absl/status/statusor.h"
#include "core/base/ids.h"
#include "core/files/array_file.h"

namespace marquee {

// The constants of the ALS model that made the vectors. The confidence of an
// event of weight w is 1 + alpha·w.
struct AlsParameters {
  float alpha = 0;
  float regularization = 0;
};

// A view of the section `item_vectors`, which must outlive it. Immutable after
// construction. Invariant: every value is finite.
class ItemVectors {
 public:
  static constexpr size_t kMaxDimension = 1024;
  // Larger values could make inner products overflow.
  static constexpr float kMaxValue = 1e6f;

  // Errors: DataLoss that names the array.
  static absl::StatusOr<std::unique_ptr<const ItemVectors>> Open(
      const ArrayFile& file);

  // The number of items with a vector: rows 0 to size() - 1 of the catalogue.
  size_t size() const { return size_; }
  size_t dimension() const { return dimension_; }
  std::span<const float> operator[](ItemRow row) const {
    return values_.subspan(Index(row) * dimension_, dimension_);
  }
  bool Has(ItemRow row) const { return Index(row) < size_; }
  // [size() × dimension()], row-major.
  std::span<const float> values() const { return values_; }

  // The sum of vᵀv over all items, [dimension × dimension]. Empty if the
  // vectors are not from ALS.
  std::span<const float> gram() const { return gram_; }
  const AlsParameters& als() const { return als_; }

 private:
  ItemVectors() = default;

  size_t size_ = 0;
  size_t dimension_ = 0;
  std::span<const float> values_;
  std::span<const float> gram_;
  AlsParameters als_;
};

// Writes the section. `values`: [rows × dimension], row-major. With `als`, also
// computes and stores the Gram matrix. Errors: InvalidArgument for a dimension
// outside 1 to kMaxDimension, and, with its row, for a value that is not a
// number from -kMaxValue to kMaxValue.
absl::Status WriteItemVectors(std::span<const float> values, size_t dimension,
                              const AlsParameters* als, ArrayFileWriter& out);

}  // namespace marquee

#endif  // MARQUEE_CORE_CATALOG_ITEM_VECTORS_H_
