// The ranks of each item's features among the thresholds of a forest, computed
// when a snapshot is built. This is all that the forest needs of an item. The
// bytes of an item lie together: a candidate costs one cache line instead of
// one per feature.
#ifndef MARQUEE_CORE_SCORING_ITEM_RANKS_H_
#define MARQUEE_CORE_SCORING_ITEM_RANKS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "core/base/ids.h"
#include "core/files/array_file.h"

namespace marquee {

// The layout and the meaning of the bytes of one item.
struct ItemRankLayout {
  struct Column {
    uint32_t first_byte = 0;
    uint32_t bytes = 0;  // 1 or 2, low byte first
    uint32_t largest = 0;
  };
  std::vector<Column> columns;
  size_t bytes = 0;  // of one item
  // Digest of the features and thresholds that determine the ranks.
  std::string digest;

  // Bytes from item to item. No item lies on more cache lines than necessary.
  size_t stride() const;
};

// A view of a section, which must outlive it. Immutable after construction.
class ItemRanks {
 public:
  // Errors: FailedPrecondition if the ranks have another layout; DataLoss, with
  // the array and the item, if there are not exactly `items` items or a rank is
  // too large.
  static absl::StatusOr<std::unique_ptr<const ItemRanks>> Open(
      const ArrayFile& file, const ItemRankLayout& layout, size_t items);

  // [layout.bytes]
  const uint8_t* operator[](ItemRow row) const {
    return ranks_.data() + Index(row) * stride_;
  }

  // A view of ranks that a scorer has just computed, item after item.
  ItemRanks(std::span<const uint8_t> ranks, size_t stride)
      : ranks_(ranks), stride_(stride) {}

 private:
  const std::span<const uint8_t> ranks_;
  const size_t stride_;
};

// Writes the arrays of a section: `layout`, its digest, and `ranks`, [items ×
// stride] bytes. `rank` fills the bytes of one item.
void WriteItemRanks(const ItemRankLayout& layout, size_t items,
                    absl::FunctionRef<void(ItemRow, std::span<uint8_t>)> rank,
                    ArrayFileWriter& out);

}  // namespace marquee

#endif  // MARQUEE_CORE_SCORING_ITEM_RANKS_H_
