#include "core/catalog/popularity_writer.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/status_macros.h"
#include "core/catalog/catalog.h"
#include "core/catalog/string_table.h"

namespace marquee {
namespace {

// Returns 2 to the number of half-lives, clamped to the range of a double.
double Growth(double seconds) {
  return std::exp2(
      std::clamp(seconds / PopularityWriter::kHalfLife, -1000.0, 1000.0));
}

}  // namespace

void PopularityWriter::Add(absl::string_view country, ItemRow row,
                           int64_t timestamp) {
  ++watches_[Index(row)];
  newest_ = first_ ? std::max(newest_, timestamp) : timestamp;
  if (!first_) first_ = timestamp;
  // The newest play is known only at the end. So plays are weighed against the
  // first one that comes, whenever it was, and Worth scales them.
  const double weight = Growth(static_cast<double>(timestamp - *first_));
  decayed_[Index(row)] += weight;
  if (country.empty()) return;
  auto it = by_country_.find(country);
  if (it == by_country_.end())
    it = by_country_.try_emplace(std::string(country)).first;
  it->second[Index(row)] += weight;
}

void PopularityWriter::Sort(Shares& shares) {
  std::sort(shares.begin(), shares.end(), [](const Share& a, const Share& b) {
    return a.share != b.share ? a.share > b.share : a.row < b.row;
  });
}

double PopularityWriter::Worth() const {
  return first_ ? Growth(static_cast<double>(*first_ - newest_)) : 0;
}

PopularityWriter::Shares PopularityWriter::RankEverywhere() const {
  const double worth = Worth();
  const double plays =
      worth * std::accumulate(decayed_.begin(), decayed_.end(), 0.0);
  const double all = static_cast<double>(
      std::accumulate(watches_.begin(), watches_.end(), uint64_t{0}));
  Shares ranked;
  for (uint32_t row = 0; row < watches_.size(); ++row) {
    double share = 0;
    if (watches_[row] > 0) {
      const double prior = static_cast<double>(watches_[row]) / all;
      share =
          (worth * decayed_[row] + kPriorPlays * prior) / (plays + kPriorPlays);
    }
    ranked.push_back({share, row});
  }
  Sort(ranked);
  return ranked;
}

double PopularityWriter::RankCountry(const Country& country,
                                     const Shares& everywhere,
                                     Shares& ranked) const {
  std::vector<std::pair<uint32_t, double>> decayed(country.begin(),
                                                   country.end());
  // Sort: a sum of doubles is the same on every run only in a fixed order.
  std::sort(decayed.begin(), decayed.end());
  const double worth = Worth();
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
      const double own = worth * here->second / (plays + kPriorPlays);
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

absl::Status PopularityWriter::WriteCountries(const Shares& everywhere,
                                              ArrayFileWriter& out) const {
  StringTableWriter countries;
  std::vector<uint32_t> begin{0}, rows;
  std::vector<float> shares, back_off;
  Shares ranked;
  for (const auto& [code, country] : by_country_) {
    ranked.clear();
    back_off.push_back(
        static_cast<float>(RankCountry(country, everywhere, ranked)));
    for (const Share& item : ranked) {
      rows.push_back(item.row);
      shares.push_back(static_cast<float>(item.share));
    }
    countries.Add(code);
    begin.push_back(static_cast<uint32_t>(rows.size()));
  }
  MARQUEE_RETURN_IF_ERROR(countries.Write("country", out));
  out.Add<uint32_t>("top.begin", begin);
  out.Add<float>("top.back_off", back_off);
  out.Add<uint32_t>("top.rows", rows);
  out.Add<float>("top.shares", shares);
  return absl::OkStatus();
}

absl::Status PopularityWriter::Write(std::span<const int32_t> released,
                                     ArrayFileWriter& out) const {
  const Shares everywhere = RankEverywhere();
  MARQUEE_RETURN_IF_ERROR(WriteCountries(everywhere, out));
  std::vector<uint32_t> rows;
  std::vector<float> shares;
  for (const Share& item : everywhere) {
    rows.push_back(item.row);
    shares.push_back(static_cast<float>(item.share));
  }
  out.Add<uint32_t>("everywhere", rows);
  out.Add<float>("everywhere.shares", shares);

  std::vector<uint32_t> newest;
  for (uint32_t row = 0; row < released.size(); ++row) {
    if (released[row] != Catalog::kUnknownDay) newest.push_back(row);
  }
  std::stable_sort(newest.begin(), newest.end(), [&](uint32_t a, uint32_t b) {
    return released[a] > released[b];
  });
  out.Add<uint32_t>("newest", newest);
  out.Add<uint64_t>("watches", watches_);
  return absl::OkStatus();
}

}  // namespace marquee
