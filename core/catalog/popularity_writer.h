// Makes the section `popularity`.
//
// A play counts half as much for every kHalfLife before the newest play. A
// small country or a quiet month has few plays, so shares are smoothed as if
// kPriorPlays more plays had been seen. A country's shares are smoothed by
// those everywhere, and those by the shares of all times.
#ifndef MARQUEE_CORE_CATALOG_POPULARITY_WRITER_H_
#define MARQUEE_CORE_CATALOG_POPULARITY_WRITER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/base/ids.h"
#include "core/files/array_file.h"

namespace marquee {

// Collects plays. Externally synchronised.
class PopularityWriter {
 public:
  static constexpr size_t kItemsPerCountry = 2000;
  static constexpr double kHalfLife = 30 * 24 * 60 * 60;  // seconds
  static constexpr double kPriorPlays = 100;

  explicit PopularityWriter(size_t items)
      : watches_(items, 0), decayed_(items, 0) {}
  // Adds a play. `country` may be empty: then only the list of all countries
  // counts the play. `timestamp`: Unix seconds.
  void Add(absl::string_view country, ItemRow row, int64_t timestamp);
  // Watches by row. Exact: items are played more often than a float can count.
  std::span<const uint64_t> watches() const { return watches_; }
  // `released`: the release day of each item, or Catalog::kUnknownDay.
  absl::Status Write(std::span<const int32_t> released,
                     ArrayFileWriter& out) const;

 private:
  // An item's part of the plays. Order: the largest first, ties by row.
  struct Share {
    double share;
    uint32_t row;
  };
  using Shares = std::vector<Share>;
  using Country = absl::flat_hash_map<uint32_t, double>;

  static void Sort(Shares& shares);
  // Returns what a play at the time first_ counts now.
  double Worth() const;
  Shares RankEverywhere() const;
  // Fills `ranked` with the country's shares. Returns the country's back-off
  // factor for the shares of `everywhere`.
  double RankCountry(const Country& country, const Shares& everywhere,
                     Shares& ranked) const;
  absl::Status WriteCountries(const Shares& everywhere,
                              ArrayFileWriter& out) const;

  std::vector<uint64_t> watches_;
  // The time at which a play has weight 1 in decayed_. Later plays weigh more.
  std::optional<int64_t> first_;
  int64_t newest_ = 0;
  std::vector<double> decayed_;
  std::map<std::string, Country, std::less<>> by_country_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_CATALOG_POPULARITY_WRITER_H_
