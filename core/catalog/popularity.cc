#include "core/catalog/popularity.h"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace marquee {
namespace {

absl::Status Damaged(const ArrayFile& file, absl::string_view array,
                     absl::string_view what) {
  return absl::DataLossError(
      absl::StrCat(file.name(), ": array '", array, "' ", what));
}

absl::StatusOr<std::span<const ItemRow>> Rows(const ArrayFile& file,
                                              absl::string_view name,
                                              size_t items) {
  MARQUEE_ASSIGN_OR_RETURN(const std::span<const ItemRow> rows,
                           file.Array<ItemRow>(name));
  for (const ItemRow row : rows) {
    if (Index(row) >= items)
      return Damaged(file, name, "has a row beyond the last item");
  }
  return rows;
}

absl::StatusOr<std::span<const float>> Shares(const ArrayFile& file,
                                              absl::string_view name,
                                              size_t count) {
  MARQUEE_ASSIGN_OR_RETURN(const std::span<const float> shares,
                           file.Array<float>(name));
  if (shares.size() != count) {
    return Damaged(file, name, "does not have one share per row");
  }
  for (const float share : shares) {
    // The condition is written so that NaN fails it.
    if (!(share >= 0 && share <= 1)) {
      return Damaged(file, name, "has a value that is not a share");
    }
  }
  return shares;
}

absl::Status CheckFalling(const ArrayFile& file, absl::string_view name,
                          std::span<const float> shares) {
  if (std::is_sorted(shares.begin(), shares.end(), std::greater<>())) {
    return absl::OkStatus();
  }
  return Damaged(file, name, "is not in order");
}

// Returns the name of an array of one horizon, for example "7d.top.rows".
std::string NameOf(Horizon horizon, absl::string_view array) {
  return absl::StrCat(HorizonName(horizon), ".", array);
}

absl::Status CheckEachOnce(const ArrayFile& file, absl::string_view name,
                           std::span<const ItemRow> rows, size_t items) {
  if (rows.size() != items) {
    return Damaged(file, name, "does not list every item once");
  }
  std::vector<bool> listed(items, false);
  for (const ItemRow row : rows) {
    if (listed[Index(row)]) return Damaged(file, name, "lists an item twice");
    listed[Index(row)] = true;
  }
  return absl::OkStatus();
}

}  // namespace

absl::string_view HorizonName(Horizon horizon) {
  constexpr std::array<absl::string_view, kHorizons> kNames = {"6h", "1d", "7d",
                                                               "30d"};
  return kNames[static_cast<size_t>(horizon)];
}

absl::StatusOr<std::unique_ptr<const Popularity>> Popularity::Open(
    const ArrayFile& file, size_t items) {
  std::unique_ptr<Popularity> popularity(new Popularity);
  MARQUEE_RETURN_IF_ERROR(popularity->OpenCountries(file));
  for (size_t h = 0; h < kHorizons; ++h) {
    MARQUEE_RETURN_IF_ERROR(
        popularity->OpenLists(file, items, static_cast<Horizon>(h)));
  }
  MARQUEE_RETURN_IF_ERROR(popularity->OpenNewest(file, items));
  MARQUEE_ASSIGN_OR_RETURN(popularity->watches_,
                           file.Array<uint64_t>("watches"));
  if (popularity->watches_.size() != items) {
    return Damaged(file, "watches", "does not have one number per item");
  }
  for (const uint64_t watches : popularity->watches_) {
    popularity->total_ += static_cast<double>(watches);
  }
  return popularity;
}

absl::Status Popularity::OpenCountries(const ArrayFile& file) {
  MARQUEE_ASSIGN_OR_RETURN(countries_, StringTable::Open(file, "country"));
  for (size_t i = 0; i < countries_.size(); ++i) {
    by_code_.emplace(countries_[i], i);
  }
  return absl::OkStatus();
}

absl::Status Popularity::OpenLists(const ArrayFile& file, size_t items,
                                   Horizon horizon) {
  Lists& lists = lists_[static_cast<size_t>(horizon)];
  const std::string everywhere = NameOf(horizon, "everywhere");
  MARQUEE_ASSIGN_OR_RETURN(lists.everywhere, Rows(file, everywhere, items));
  MARQUEE_RETURN_IF_ERROR(
      CheckEachOnce(file, everywhere, lists.everywhere, items));
  const std::string shares = NameOf(horizon, "everywhere.shares");
  MARQUEE_ASSIGN_OR_RETURN(lists.shares, Shares(file, shares, items));
  MARQUEE_RETURN_IF_ERROR(CheckFalling(file, shares, lists.shares));

  const std::string begin = NameOf(horizon, "top.begin");
  MARQUEE_ASSIGN_OR_RETURN(lists.begin, file.Array<uint32_t>(begin));
  MARQUEE_ASSIGN_OR_RETURN(lists.rows,
                           Rows(file, NameOf(horizon, "top.rows"), items));
  if (lists.begin.size() != countries_.size() + 1 || lists.begin.front() != 0 ||
      lists.begin.back() != lists.rows.size() ||
      !std::is_sorted(lists.begin.begin(), lists.begin.end())) {
    return Damaged(file, begin,
                   "does not partition the items of the countries");
  }
  MARQUEE_ASSIGN_OR_RETURN(
      lists.back_off,
      Shares(file, NameOf(horizon, "top.back_off"), countries_.size()));
  const std::string top_shares = NameOf(horizon, "top.shares");
  MARQUEE_ASSIGN_OR_RETURN(lists.row_shares,
                           Shares(file, top_shares, lists.rows.size()));
  for (size_t i = 0; i < countries_.size(); ++i) {
    MARQUEE_RETURN_IF_ERROR(
        CheckFalling(file, top_shares,
                     lists.row_shares.subspan(
                         lists.begin[i], lists.begin[i + 1] - lists.begin[i])));
  }
  return absl::OkStatus();
}

absl::Status Popularity::OpenNewest(const ArrayFile& file, size_t items) {
  MARQUEE_ASSIGN_OR_RETURN(newest_, Rows(file, "newest", items));
  MARQUEE_ASSIGN_OR_RETURN(newest_begin_, file.Array<int64_t>("newest.begin"));
  if (newest_begin_.size() != newest_.size()) {
    return Damaged(file, "newest.begin", "does not have one moment per row");
  }
  if (!std::is_sorted(newest_begin_.begin(), newest_begin_.end(),
                      std::greater<>())) {
    return Damaged(file, "newest.begin", "is not in order");
  }
  std::vector<bool> listed(items, false);
  for (const ItemRow row : newest_) {
    if (listed[Index(row)]) {
      return Damaged(file, "newest", "lists an item twice");
    }
    listed[Index(row)] = true;
  }
  return absl::OkStatus();
}

std::vector<int64_t> Popularity::BeginsByRow() const {
  std::vector<int64_t> begins(watches_.size(), kNoBegin);
  for (size_t i = 0; i < newest_.size(); ++i) {
    begins[Index(newest_[i])] = newest_begin_[i];
  }
  return begins;
}

RankedItems Popularity::InCountry(absl::string_view country,
                                  Horizon horizon) const {
  const auto it = by_code_.find(country);
  if (it == by_code_.end()) return {};
  const Lists& lists = lists_[static_cast<size_t>(horizon)];
  const uint32_t begin = lists.begin[it->second];
  const uint32_t size = lists.begin[it->second + 1] - begin;
  return {lists.rows.subspan(begin, size),
          lists.row_shares.subspan(begin, size)};
}

float Popularity::BackOff(absl::string_view country, Horizon horizon) const {
  const auto it = by_code_.find(country);
  return it == by_code_.end()
             ? 1
             : lists_[static_cast<size_t>(horizon)].back_off[it->second];
}

}  // namespace marquee
