// The titles as columns: what rules, features and answers read by row.
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
  // Above every limit, and not above UserTable::kNoMaturityLimit.
  static constexpr int kUnrated = 255;

  // Errors: DataLoss that names the array.
  static absl::StatusOr<std::unique_ptr<const Catalog>> Open(
      const ArrayFile& file);

  size_t size() const { return ids_.size(); }
  absl::string_view Id(ItemRow row) const { return ids_.Id(Index(row)); }
  std::optional<ItemRow> Find(absl::string_view id) const;
  absl::string_view Title(ItemRow row) const { return titles_[Index(row)]; }
  // Days since 1970-01-01, or kUnknownDay.
  int32_t ReleasedDay(ItemRow row) const { return released_[Index(row)]; }
  // The title has an age rating.
  bool IsRated(ItemRow row) const { return maturity_[Index(row)] != kUnrated; }
  // Minimum age in years. Of a title without a rating what the snapshot takes
  // it for: an age, or kUnrated.
  int Maturity(ItemRow row) const {
    return IsRated(row) ? maturity_[Index(row)]
                        : unrated_is_.value_or(kUnrated);
  }
  // The age that a title without a rating counts as; absent: none.
  std::optional<int> unrated_is() const { return unrated_is_; }
  // "is for 12 years", "has no age rating" or "has no age rating, which counts
  // as 12 years".
  std::string DescribeMaturity(ItemRow row) const;

  // The titles whose minimum age is at most `limit`. [BitmapWords(size())]
  BitmapView WithinMaturity(int limit) const;

  // nullptr when no title has such an attribute.
  const Attribute* FindAttribute(absl::string_view name) const;
  std::span<const std::string> attribute_names() const {
    return attribute_names_;
  }

  // One value a title, NaN where it has none. Empty when no title has such a
  // number.
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
  // By ascending minimum age: the titles of that age or less.
  std::vector<std::pair<int, std::vector<uint64_t>>> within_maturity_;
  std::vector<uint64_t> nothing_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_CATALOG_CATALOG_H_
