// Makes the section `popularity`.
//
// A play counts half as much for every half-life before the newest play. A
// small country or a quiet hour has few plays, so shares are smoothed as if
// kPriorPlays more plays had been seen. A country's shares are smoothed by
// those everywhere, and those by the shares of the next longer horizon; the
// longest is smoothed by the shares of all times.
#ifndef MARQUEE_CORE_CATALOG_POPULARITY_WRITER_H_
#define MARQUEE_CORE_CATALOG_POPULARITY_WRITER_H_

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/base/ids.h"
#include "core/catalog/popularity.h"
#include "core/files/array_file.h"

namespace marquee {

// Collects plays. Externally synchronised.
class PopularityWriter {
 public:
  static constexpr size_t kItemsPerCountry = 2000;
  // Seconds, by Horizon.
  static constexpr std::array<double, kHorizons> kHalfLives = {
      6 * 60 * 60, 24 * 60 * 60, 7 * 24 * 60 * 60, 30 * 24 * 60 * 60};
  static constexpr double kPriorPlays = 100;

  explicit PopularityWriter(size_t items)
      : watches_(items, 0), first_(items, kNever), decayed_(items) {}
  // Adds a play. `country` may be empty: then only the list of all countries
  // counts the play. `timestamp`: Unix seconds.
  void Add(absl::string_view country, ItemRow row, int64_t timestamp);
  // Watches by row. Exact: items are played more often than a float can count.
  std::span<const uint64_t> watches() const { return watches_; }
  // `released`: the release day of each item, or Catalog::kUnknownDay.
  absl::Status Write(std::span<const int32_t> released,
                     ArrayFileWriter& out) const;

 private:
  // By horizon: the plays, each weighed by its time. A play at reference_ has
  // weight 1, a later one more.
  using Decayed = std::array<double, kHorizons>;
  using Country = absl::flat_hash_map<uint32_t, Decayed>;
  // An item's part of the plays. Order: the largest first, ties by row.
  struct Share {
    double share;
    uint32_t row;
  };
  using Shares = std::vector<Share>;

  static constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

  static void Sort(Shares& shares);
  // Returns the weights of a play. Moves the references if it is so late that
  // its weight would grow too large for a double.
  Decayed Weigh(int64_t timestamp);
  void MoveReference(size_t horizon, int64_t timestamp);
  // Returns the number of plays now that a weight of 1 stands for.
  double Worth(size_t horizon) const;
  // `prior`: the share of each item that smooths, by row.
  Shares RankEverywhere(size_t horizon, std::span<const double> prior) const;
  // Fills `ranked` with the country's shares. Returns the country's back-off
  // factor for the shares of `everywhere`.
  double RankCountry(size_t horizon, const Country& country,
                     const Shares& everywhere, Shares& ranked) const;
  void WriteLists(size_t horizon, const Shares& everywhere,
                  ArrayFileWriter& out) const;

  void WriteNewest(std::span<const int32_t> released,
                   ArrayFileWriter& out) const;

  std::vector<uint64_t> watches_;
  std::vector<int64_t> first_;  // the first play of each item, or kNever
  int64_t newest_ = 0;
  // Absent before the first play.
  std::optional<std::array<int64_t, kHorizons>> reference_;
  std::vector<Decayed> decayed_;
  std::map<std::string, Country, std::less<>> by_country_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_CATALOG_POPULARITY_WRITER_H_
