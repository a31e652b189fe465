// Makes the section `popularity`.
//
// A play counts half after every kHalfLife, from the newest play back. Plays
// are few in a small country or a quiet month, so shares are smoothed: a
// country's by those everywhere, and those by the shares of all times, as if
// kPriorPlays more had been seen.
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
  static constexpr size_t kTitlesPerCountry = 2000;
  static constexpr double kHalfLife = 30 * 24 * 60 * 60;  // seconds
  static constexpr double kPriorPlays = 100;

  explicit PopularityWriter(size_t titles)
      : watches_(titles, 0), decayed_(titles, 0) {}
  // `country` may be empty: then only the list of all countries counts it.
  // `timestamp`: Unix seconds.
  void Add(absl::string_view country, ItemRow row, int64_t timestamp);
  // By row. Exact: titles are played more often than a float can count.
  std::span<const uint64_t> watches() const { return watches_; }
  // `released`: a day for each title, or Catalog::kUnknownDay.
  absl::Status Write(std::span<const int32_t> released,
                     ArrayFileWriter& out) const;

 private:
  // A title's part of the plays; the largest first, ties by row.
  struct Share {
    double share;
    uint32_t row;
  };
  using Shares = std::vector<Share>;
  using Country = absl::flat_hash_map<uint32_t, double>;

  static void Sort(Shares& shares);
  // What the plays of first_ count now.
  double Worth() const;
  Shares RankEverywhere() const;
  // Returns what is left of the shares of `everywhere` in `ranked`.
  double RankCountry(const Country& country, const Shares& everywhere,
                     Shares& ranked) const;
  absl::Status WriteCountries(const Shares& everywhere,
                              ArrayFileWriter& out) const;

  std::vector<uint64_t> watches_;
  // The time of the play that counts 1; later ones count more.
  std::optional<int64_t> first_;
  int64_t newest_ = 0;
  std::vector<double> decayed_;
  std::map<std::string, Country, std::less<>> by_country_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_CATALOG_POPULARITY_WRITER_H_
