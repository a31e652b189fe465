// For each item, the items that the same people played.
//
//   MARQUEE_ASSIGN_OR_RETURN(
//       const std::unique_ptr<const RelatedItems> related,
//       RelatedItems::Open(section, catalog->size()));
//   const RelatedItems::Neighbours neighbours = (*related)[row];
#ifndef MARQUEE_CORE_CATALOG_RELATED_ITEMS_H_
#define MARQUEE_CORE_CATALOG_RELATED_ITEMS_H_

#include <cstdint>
#include <memory>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/ids.h"
#include "core/files/array_file.h"

namespace marquee {

// A view of the section `related_items`, which must outlive it. Immutable after
// construction.
class RelatedItems {
 public:
  static constexpr size_t kMostNeighbours = 50;

  // Best first; ties by row. An item is not its own neighbour.
  struct Neighbours {
    std::span<const ItemRow> rows;
    std::span<const float> scores;  // more than 0 and at most 1
  };

  // Errors: DataLoss that names the array.
  static absl::StatusOr<std::unique_ptr<const RelatedItems>> Open(
      const ArrayFile& file, size_t items);

  Neighbours operator[](ItemRow row) const {
    const uint64_t begin = begin_[Index(row)];
    const uint64_t count = begin_[Index(row) + 1] - begin;
    return {rows_.subspan(begin, count), scores_.subspan(begin, count)};
  }

 private:
  RelatedItems() = default;
  absl::Status Check(const ArrayFile& file, size_t items) const;

  std::span<const uint64_t> begin_;  // [items + 1], indexes into rows_
  std::span<const ItemRow> rows_;
  std::span<const float> scores_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_CATALOG_RELATED_ITEMS_H_
