#include "core/catalog/popularity_writer.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/catalog/catalog.h"
#include "core/catalog/string_table.h"

namespace marquee {
namespace {

// The largest weight is 2 to this. Sums of billions of such weights are finite.
constexpr double kMaxHalfLives = 512;

double HalfLives(size_t horizon, int64_t from, int64_t to) {
  return (static_cast<double>(to) - static_cast<double>(from)) /
         PopularityWriter::kHalfLives[horizon];
}

}  // namespace

void PopularityWriter::Add(absl::string_view country, ItemRow row,
                           int64_t timestamp) {
  ++watches_[Index(row)];
  first_[Index(row)] = std::min(first_[Index(row)], timestamp);
  const Decayed weights = Weigh(timestamp);
  const auto add = [&weights](Decayed& sums) {
    for (size_t h = 0; h < kHorizons; ++h) sums[h] += weights[h];
  };
  add(decayed_[Index(row)]);
  if (country.empty()) return;
  auto it = by_country_.find(country);
  if (it == by_country_.end())
    it = by_country_.try_emplace(std::string(country)).first;
  add(it->second[Index(row)]);
}

PopularityWriter::Decayed PopularityWriter::Weigh(int64_t timestamp) {
  if (!reference_) {
    reference_.emplace().fill(timestamp);
    newest_ = timestamp;
  }
  newest_ = std::max(newest_, timestamp);
  Decayed weights;
  for (size_t h = 0; h < kHorizons; ++h) {
    if (HalfLives(h, (*reference_)[h], timestamp) > kMaxHalfLives) {
      MoveReference(h, timestamp);
    }
    weights[h] = std::exp2(HalfLives(h, (*reference_)[h], timestamp));
  }
  return weights;
}

void PopularityWriter::MoveReference(size_t horizon, int64_t timestamp) {
  int64_t& reference = (*reference_)[horizon];
  const double factor = std::exp2(HalfLives(horizon, timestamp, reference));
  reference = timestamp;
  for (Decayed& sums : decayed_) sums[horizon] *= factor;
  for (auto& [code, country] : by_country_) {
    for (auto& [row, sums] : country) sums[horizon] *= factor;
  }
}

void PopularityWriter::Sort(Shares& shares) {
  std::sort(shares.begin(), shares.end(), [](const Share& a, const Share& b) {
    return a.share != b.share ? a.share > b.share : a.row < b.row;
  });
}

double PopularityWriter::Worth(size_t horizon) const {
  return reference_
             ? std::exp2(HalfLives(horizon, newest_, (*reference_)[horizon]))
             : 0;
}

PopularityWriter::Shares PopularityWriter::RankEverywhere(
    size_t horizon, std::span<const double> prior) const {
  const double worth = Worth(horizon);
  double plays = 0;
  for (const Decayed& sums : decayed_) plays += worth * sums[horizon];
  Shares ranked;
  for (uint32_t row = 0; row < watches_.size(); ++row) {
    const double own = worth * decayed_[row][horizon];
    ranked.push_back(
        {(own + kPriorPlays * prior[row]) / (plays + kPriorPlays), row});
  }
  Sort(ranked);
  return ranked;
}

double PopularityWriter::RankCountry(size_t horizon, const Country& country,
                                     const Shares& everywhere,
                                     Shares& ranked) const {
  std::vector<std::pair<uint32_t, double>> decayed;
  for (const auto& [row, sums] : country) {
    decayed.emplace_back(row, sums[horizon]);
  }
  // Sort: a sum of doubles is the same on every run only in a fixed order.
  std::sort(decayed.begin(), decayed.end());
  const double worth = Worth(horizon);
  double plays = 0;
  for (const auto& [row, weight] : decayed) plays += worth * weight;
  const double back_off = kPriorPlays / (plays + kPriorPlays);
  // Of the items that are not played here, only those played most elsewhere can
  // be in the list.
  size_t elsewhere = 0;
  for (const auto& [share, row] : everywhere) {
    if (ranked.size() == country.size() + kItemsPerCountry) break;
    const auto here = country.find(row);
    if (here != country.end()) {
      const double own = worth * here->second[horizon] / (plays + kPriorPlays);
      ranked.push_back({own + back_off * share, row});
    } else if (share > 0 && elsewhere < kItemsPerCountry) {
      ranked.push_back({back_off * share, row});
      ++elsewhere;
    }
  }
  Sort(ranked);
  if (ranked.size() > kItemsPerCountry) ranked.resize(kItemsPerCountry);
  return back_off;
}

void PopularityWriter::WriteLists(size_t horizon, const Shares& everywhere,
                                  ArrayFileWriter& out) const {
  std::vector<uint32_t> begin{0}, rows;
  std::vector<float> shares, back_off;
  const auto append = [&](const Shares& ranked) {
    for (const Share& item : ranked) {
      rows.push_back(item.row);
      shares.push_back(static_cast<float>(item.share));
    }
  };
  Shares ranked;
  for (const auto& [code, country] : by_country_) {
    ranked.clear();
    back_off.push_back(
        static_cast<float>(RankCountry(horizon, country, everywhere, ranked)));
    append(ranked);
    begin.push_back(static_cast<uint32_t>(rows.size()));
  }
  const std::string prefix =
      absl::StrCat(HorizonName(static_cast<Horizon>(horizon)), ".");
  out.Add<uint32_t>(prefix + "top.begin", begin);
  out.Add<float>(prefix + "top.back_off", back_off);
  out.Add<uint32_t>(prefix + "top.rows", rows);
  out.Add<float>(prefix + "top.shares", shares);
  rows.clear();
  shares.clear();
  append(everywhere);
  out.Add<uint32_t>(prefix + "everywhere", rows);
  out.Add<float>(prefix + "everywhere.shares", shares);
}

void PopularityWriter::WriteNewest(std::span<const int32_t> released,
                                   ArrayFileWriter& out) const {
  constexpr int64_t kSecondsPerDay = 24 * 60 * 60;
  const auto begin_of = [&](uint32_t row) {
    return released[row] == Catalog::kUnknownDay
               ? first_[row]
               : kSecondsPerDay * released[row];
  };
  std::vector<uint32_t> newest;
  for (uint32_t row = 0; row < released.size(); ++row) {
    if (begin_of(row) != kNever) newest.push_back(row);
  }
  std::stable_sort(newest.begin(), newest.end(), [&](uint32_t a, uint32_t b) {
    return begin_of(a) > begin_of(b);
  });
  std::vector<int64_t> begins;
  for (const uint32_t row : newest) begins.push_back(begin_of(row));
  out.Add<uint32_t>("newest", newest);
  out.Add<int64_t>("newest.begin", begins);
}

absl::Status PopularityWriter::Write(std::span<const int32_t> released,
                                     ArrayFileWriter& out) const {
  StringTableWriter countries;
  for (const auto& [code, country] : by_country_) countries.Add(code);
  MARQUEE_RETURN_IF_ERROR(countries.Write("country", out));

  const double all = static_cast<double>(
      std::accumulate(watches_.begin(), watches_.end(), uint64_t{0}));
  std::vector<double> prior(watches_.size(), 0);
  for (size_t row = 0; row < prior.size() && all > 0; ++row) {
    prior[row] = static_cast<double>(watches_[row]) / all;
  }
  for (size_t horizon = kHorizons; horizon-- > 0;) {
    const Shares everywhere = RankEverywhere(horizon, prior);
    WriteLists(horizon, everywhere, out);
    for (const Share& item : everywhere) prior[item.row] = item.share;
  }

  WriteNewest(released, out);
  out.Add<uint64_t>("watches", watches_);
  return absl::OkStatus();
}

}  // namespace marquee
