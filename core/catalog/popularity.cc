#include "core/catalog/popularity.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/catalog/catalog.h"

namespace marquee {
namespace {

absl::Status Damaged(const ArrayFile& file, absl::string_view array,
                     absl::string_view what) {
  return absl::DataLossError(
      absl::StrCat(file.name(), ": array '", array, "' ", what));
}

absl::StatusOr<std::span<const ItemRow>> Rows(const ArrayFile& file,
                                              absl::string_view name,
                                              size_t titles) {
  MARQUEE_ASSIGN_OR_RETURN(const std::span<const ItemRow> rows,
                           file.Array<ItemRow>(name));
  for (const ItemRow row : rows) {
    if (Index(row) >= titles)
      return Damaged(file, name, "names a title that is not there");
  }
  return rows;
}

}  // namespace

absl::StatusOr<std::unique_ptr<const Popularity>> Popularity::Open(
    const ArrayFile& file, size_t titles) {
  std::unique_ptr<Popularity> popularity(new Popularity);
  MARQUEE_ASSIGN_OR_RETURN(popularity->countries_,
                           StringTable::Open(file, "country"));
  MARQUEE_ASSIGN_OR_RETURN(popularity->begin_,
                           file.Array<uint32_t>("top.begin"));
  MARQUEE_ASSIGN_OR_RETURN(popularity->rows_, Rows(file, "top.rows", titles));
  MARQUEE_ASSIGN_OR_RETURN(popularity->everywhere_,
                           Rows(file, "everywhere", titles));
  MARQUEE_ASSIGN_OR_RETURN(popularity->newest_, Rows(file, "newest", titles));
  MARQUEE_ASSIGN_OR_RETURN(popularity->watches_, file.Array<float>("watches"));
  const auto& begin = popularity->begin_;
  if (begin.size() != popularity->countries_.size() + 1 || begin.front() != 0 ||
      begin.back() != popularity->rows_.size() ||
      !std::is_sorted(begin.begin(), begin.end())) {
    return Damaged(file, "top.begin",
                   "does not partition the titles of the countries");
  }
  if (popularity->everywhere_.size() != titles ||
      popularity->watches_.size() != titles) {
    return Damaged(file, "everywhere", "does not list every title once");
  }
  std::vector<bool> listed(titles, false);
  for (const ItemRow row : popularity->everywhere_) {
    if (listed[Index(row)])
      return Damaged(file, "everywhere", "lists a title twice");
    listed[Index(row)] = true;
  }
  for (const float watches : popularity->watches_) {
    if (!std::isfinite(watches) || watches < 0) {
      return Damaged(file, "watches", "has a value that is not a count");
    }
    popularity->total_ += watches;
  }
  for (size_t i = 0; i < popularity->countries_.size(); ++i) {
    popularity->by_code_.emplace(popularity->countries_[i], i);
  }
  return popularity;
}

std::span<const ItemRow> Popularity::InCountry(
    absl::string_view country) const {
  const auto it = by_code_.find(country);
  if (it == by_code_.end()) return {};
  return rows_.subspan(begin_[it->second],
                       begin_[it->second + 1] - begin_[it->second]);
}

void PopularityWriter::Add(absl::string_view country, ItemRow row) {
  watches_[Index(row)] += 1;
  if (country.empty()) return;
  auto it = by_country_.find(country);
  if (it == by_country_.end())
    it = by_country_.try_emplace(std::string(country)).first;
  it->second[Index(row)] += 1;
}

absl::Status PopularityWriter::Write(std::span<const int32_t> released,
                                     ArrayFileWriter& out) const {
  StringTableWriter countries;
  std::vector<uint32_t> begin{0};
  std::vector<uint32_t> rows;
  for (const auto& [country, watches] : by_country_) {
    std::vector<std::pair<float, uint32_t>> order;
    for (const auto& [row, count] : watches) order.emplace_back(-count, row);
    const size_t kept = std::min(order.size(), kTitlesPerCountry);
    std::partial_sort(order.begin(), order.begin() + kept, order.end());
    for (size_t i = 0; i < kept; ++i) rows.push_back(order[i].second);
    countries.Add(country);
    begin.push_back(static_cast<uint32_t>(rows.size()));
  }
  MARQUEE_RETURN_IF_ERROR(countries.Write("country", out));
  out.Add<uint32_t>("top.begin", begin);
  out.Add<uint32_t>("top.rows", rows);

  std::vector<uint32_t> everywhere(watches_.size());
  std::iota(everywhere.begin(), everywhere.end(), 0);
  std::stable_sort(
      everywhere.begin(), everywhere.end(),
      [this](uint32_t a, uint32_t b) { return watches_[a] > watches_[b]; });
  out.Add<uint32_t>("everywhere", everywhere);

  std::vector<uint32_t> newest;
  for (uint32_t row = 0; row < released.size(); ++row) {
    if (released[row] != Catalog::kUnknownDay) newest.push_back(row);
  }
  std::stable_sort(newest.begin(), newest.end(), [&](uint32_t a, uint32_t b) {
    return released[a] > released[b];
  });
  out.Add<uint32_t>("newest", newest);
  out.Add<float>("watches", watches_);
  return absl::OkStatus();
}

}  // namespace marquee
