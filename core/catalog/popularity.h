// The most watched items of the last hours, days, weeks and months: for each,
// one long list per country and one of every item. And the newest items.
//
// An item's share is its part of all plays. Late plays count more: half as much
// for each half-life before the newest play (popularity_writer.h).
#ifndef MARQUEE_CORE_CATALOG_POPULARITY_H_
#define MARQUEE_CORE_CATALOG_POPULARITY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/ids.h"
#include "core/catalog/string_table.h"
#include "core/files/array_file.h"

namespace marquee {

// How far back plays count, by their half-life.
enum class Horizon : uint8_t { kHours, kDay, kWeek, kMonth };
inline constexpr size_t kHorizons = 4;
// "6h", "1d", "7d" or "30d": the half-life.
absl::string_view HorizonName(Horizon horizon);

// Items by their share of plays, the largest first; ties by row.
struct RankedItems {
  std::span<const ItemRow> rows;
  std::span<const float> shares;  // of each row, 0 to 1
};

// Items by the moment of their beginning, the latest first.
struct NewestItems {
  std::span<const ItemRow> rows;
  std::span<const int64_t> begins;  // of each row, Unix seconds
};

// A view of the section `popularity`, which must outlive it. Immutable after
// construction.
class Popularity {
 public:
  static absl::StatusOr<std::unique_ptr<const Popularity>> Open(
      const ArrayFile& file, size_t items);

  // The number of countries with known plays.
  size_t countries() const { return by_code_.size(); }
  // Returns an empty list for a country without known plays.
  RankedItems InCountry(absl::string_view country,
                        Horizon horizon = Horizon::kMonth) const;
  // Returns a factor. The share in the country of an item that InCountry does
  // not list is this factor times its share in Everywhere.
  float BackOff(absl::string_view country,
                Horizon horizon = Horizon::kMonth) const;
  // Every item once. An item that was never played has share 0.
  RankedItems Everywhere(Horizon horizon = Horizon::kMonth) const {
    const Lists& lists = lists_[static_cast<size_t>(horizon)];
    return {lists.everywhere, lists.shares};
  }
  // The items by their beginning, latest first: the release day, or the first
  // play of an item without one. Items with neither are not listed.
  NewestItems Newest() const { return {newest_, newest_begin_}; }
  // By row: the beginning of each item as in Newest, or kNoBegin.
  static constexpr int64_t kNoBegin = std::numeric_limits<int64_t>::min();
  std::vector<int64_t> BeginsByRow() const;
  // The watches of an item by all users in the data of the snapshot.
  uint64_t Watches(ItemRow row) const { return watches_[Index(row)]; }
  // The watches of all items, by row.
  std::span<const uint64_t> watches() const { return watches_; }
  // The sum of the watches of all items.
  double TotalWatches() const { return total_; }

 private:
  Popularity() = default;

  // The lists of one horizon.
  struct Lists {
    std::span<const uint32_t> begin;  // [countries + 1]
    std::span<const float> back_off;  // [countries]
    std::span<const ItemRow> rows;
    std::span<const float> row_shares;
    std::span<const ItemRow> everywhere;
    std::span<const float> shares;
  };

  absl::Status OpenCountries(const ArrayFile& file);
  absl::Status OpenNewest(const ArrayFile& file, size_t items);
  absl::Status OpenLists(const ArrayFile& file, size_t items, Horizon horizon);

  StringTable countries_;
  absl::flat_hash_map<absl::string_view, size_t> by_code_;
  std::array<Lists, kHorizons> lists_;
  std::span<const ItemRow> newest_;
  std::span<const int64_t> newest_begin_;
  std::span<const uint64_t> watches_;
  double total_ = 0;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_CATALOG_POPULARITY_H_
