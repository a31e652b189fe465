// What is watched most, for viewers without a vector and for filling up: one
// long list a country and one of every title.
#ifndef MARQUEE_CORE_CATALOG_POPULARITY_H_
#define MARQUEE_CORE_CATALOG_POPULARITY_H_

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/base/array_file.h"
#include "core/base/ids.h"
#include "core/catalog/string_table.h"

namespace marquee {

// A view of the section `popularity`, which must outlive it. Immutable after
// construction.
class Popularity {
 public:
  static absl::StatusOr<std::unique_ptr<const Popularity>> Open(
      const ArrayFile& file, size_t titles);

  // Most watched first; empty for a country that nobody is known to watch from.
  std::span<const ItemRow> InCountry(absl::string_view country) const;
  // Every title once, most watched first.
  std::span<const ItemRow> Everywhere() const { return everywhere_; }
  // The titles with a known release day, latest first.
  std::span<const ItemRow> Newest() const { return newest_; }
  // Watches of a title by all users in the data that the snapshot was built
  // from.
  float Watches(ItemRow row) const { return watches_[Index(row)]; }
  // The same of all titles, by row.
  std::span<const float> watches() const { return watches_; }
  // The sum over all titles.
  double TotalWatches() const { return total_; }

 private:
  Popularity() = default;

  StringTable countries_;
  absl::flat_hash_map<absl::string_view, size_t> by_code_;
  std::span<const uint32_t> begin_;  // [countries + 1]
  std::span<const ItemRow> rows_;
  std::span<const ItemRow> everywhere_;
  std::span<const ItemRow> newest_;
  std::span<const float> watches_;
  double total_ = 0;
};

// Collects watches. Externally synchronised.
class PopularityWriter {
 public:
  static constexpr size_t kTitlesPerCountry = 2000;

  explicit PopularityWriter(size_t titles) : watches_(titles, 0) {}
  // `country` may be empty: then only the list of all countries counts it.
  void Add(absl::string_view country, ItemRow row);
  float Watches(ItemRow row) const { return watches_[Index(row)]; }
  // `released`: a day for each title, or Catalog::kUnknownDay.
  absl::Status Write(std::span<const int32_t> released,
                     ArrayFileWriter& out) const;

 private:
  std::vector<float> watches_;
  std::map<std::string, absl::flat_hash_map<uint32_t, float>, std::less<>>
      by_country_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_CATALOG_POPULARITY_H_
