// What a forest sees of each item of a catalogue: the ranks of its features
// among the forest's thresholds, computed when a snapshot is built. The bytes
// of an item lie together, so that a candidate costs one cache line, not one
// for each feature.
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

// How the ranks of one item lie in its bytes, and what they mean.
struct ItemRankLayout {
  struct Column {
    uint32_t first_byte = 0;
    uint32_t bytes = 0;  // 1 or 2, the low one first
    uint32_t largest = 0;
  };
  std::vector<Column> columns;
  size_t bytes = 0;  // of one item
  // Of the features and thresholds that the ranks were found by.
  std::string digest;

  // Bytes from item to item: no item lies on more cache lines than it must.
  size_t stride() const;
};

// A view of a section, which must outlive it. Immutable after construction.
class ItemRanks {
 public:
  // Errors: DataLoss that names the array and the item when there are not the
  // ranks of `items` items or one is too large; FailedPrecondition when they
  // are of another layout.
  static absl::StatusOr<std::unique_ptr<const ItemRanks>> Open(
      const ArrayFile& file, const ItemRankLayout& layout, size_t items);

  // [layout.bytes]
  const uint8_t* operator[](ItemRow row) const {
    return ranks_.data() + Index(row) * stride_;
  }

  // Of ranks that a scorer has just computed, one item after another.
  ItemRanks(std::span<const uint8_t> ranks, size_t stride)
      : ranks_(ranks), stride_(stride) {}

 private:
  const std::span<const uint8_t> ranks_;
  const size_t stride_;
};

// The arrays of a section: `layout`, its digest, and `ranks`
// [items × stride] bytes. `rank` fills those of one item.
void WriteItemRanks(const ItemRankLayout& layout, size_t items,
                    absl::FunctionRef<void(ItemRow, std::span<uint8_t>)> rank,
                    ArrayFileWriter& out);

}  // namespace marquee

#endif  // MARQUEE_CORE_SCORING_ITEM_RANKS_H_
