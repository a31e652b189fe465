// The items as columns. Rules, features and answers read items by row.
//
//   MARQUEE_ASSIGN_OR_RETURN(const std::unique_ptr<const Catalog> catalog,
//                            Catalog::Open(section));
//   const std::optional<ItemRow> row = catalog->Find("movie-17");
//   if (row) std::cout << catalog->Title(*row);
#ifndef MARQUEE_CORE_CATALOG_CATALOG_H_
#define MARQUEE_CORE_CATALOG_CATALOG_H_

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/ids.h"
#include "core/catalog/attribute.h"
#include "core/catalog/bitmap.h"
#include "core/catalog/id_index.h"
#include "core/catalog/string_table.h"
#include "core/files/array_file.h"

namespace marquee {

// A view of the section `catalog`, which must outlive it. Immutable after
// construction.
class Catalog {
 public:
  static constexpr int32_t kUnknownDay = std::numeric_limits<int32_t>::min();
  // Above every age limit, but not above UserTable::kNoMaturityLimit.
  static constexpr int kUnrated = 255;

  // Errors: DataLoss that names the array.
  static absl::StatusOr<std::unique_ptr<const Catalog>> Open(
      const ArrayFile& file);

  size_t size() const { return ids_.size(); }
  absl::string_view Id(ItemRow row) const { return ids_.Id(Index(row)); }
  std::optional<ItemRow> Find(absl::string_view id) const;
  absl::string_view Title(ItemRow row) const { return titles_[Index(row)]; }
  // Returns days since 1970-01-01, or kUnknownDay.
  int32_t ReleasedDay(ItemRow row) const { return released_[Index(row)]; }
  // Whether the item has an age rating.
  bool IsRated(ItemRow row) const { return maturity_[Index(row)] != kUnrated; }
  // Returns the minimum age in years. For an item without a rating, returns the
  // age that the snapshot sets for such items, or kUnrated.
  int Maturity(ItemRow row) const {
    return IsRated(row) ? maturity_[Index(row)]
                        : unrated_is_.value_or(kUnrated);
  }
  // The age that an item without a rating counts as; absent: no age.
  std::optional<int> unrated_is() const { return unrated_is_; }
  // Returns "is for 12 years", "has no age rating" or "has no age rating, which
  // counts as 12 years".
  std::string DescribeMaturity(ItemRow row) const;

  // Returns the items whose minimum age is at most `limit`.
  // [BitmapWords(size())]
  BitmapView WithinMaturity(int limit) const;

  // Returns nullptr if no item has such an attribute.
  const Attribute* FindAttribute(absl::string_view name) const;
  std::span<const std::string> attribute_names() const {
    return attribute_names_;
  }

  // Returns one value per item, NaN for an item without one. Empty if no item
  // has such a number.
  std::span<const float> FindNumber(absl::string_view name) const;
  std::span<const std::string> number_names() const { return number_names_; }

 private:
  Catalog() = default;
  void IndexMaturity();

  IdIndex ids_;
  StringTable titles_;
  std::span<const int32_t> released_;
  std::span<const uint8_t> maturity_;
  std::optional<int> unrated_is_;
  std::vector<std::string> attribute_names_;
  std::vector<Attribute> attributes_;
  std::vector<std::string> number_names_;
  std::vector<std::span<const float>> numbers_;
  // By ascending minimum age: the items of that age or less.
  std::vector<std::pair<int, std::vector<uint64_t>>> within_maturity_;
  std::vector<uint64_t> nothing_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_CATALOG_CATALOG_H_
