#include "core/catalog/popularity.h"

#include <algorithm>
#include <functional>
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

}  // namespace

absl::StatusOr<std::unique_ptr<const Popularity>> Popularity::Open(
    const ArrayFile& file, size_t items) {
  std::unique_ptr<Popularity> popularity(new Popularity);
  MARQUEE_RETURN_IF_ERROR(popularity->OpenCountries(file, items));
  MARQUEE_ASSIGN_OR_RETURN(popularity->everywhere_,
                           Rows(file, "everywhere", items));
  MARQUEE_ASSIGN_OR_RETURN(popularity->newest_, Rows(file, "newest", items));
  MARQUEE_ASSIGN_OR_RETURN(popularity->watches_,
                           file.Array<uint64_t>("watches"));
  if (popularity->everywhere_.size() != items ||
      popularity->watches_.size() != items) {
    return Damaged(file, "everywhere", "does not list every item once");
  }
  std::vector<bool> listed(items, false);
  for (const ItemRow row : popularity->everywhere_) {
    if (listed[Index(row)])
      return Damaged(file, "everywhere", "lists an item twice");
    listed[Index(row)] = true;
  }
  MARQUEE_ASSIGN_OR_RETURN(popularity->shares_,
                           Shares(file, "everywhere.shares", items));
  MARQUEE_RETURN_IF_ERROR(
      CheckFalling(file, "everywhere.shares", popularity->shares_));
  for (const uint64_t watches : popularity->watches_) {
    popularity->total_ += static_cast<double>(watches);
  }
  return popularity;
}

absl::Status Popularity::OpenCountries(const ArrayFile& file, size_t items) {
  MARQUEE_ASSIGN_OR_RETURN(countries_, StringTable::Open(file, "country"));
  MARQUEE_ASSIGN_OR_RETURN(begin_, file.Array<uint32_t>("top.begin"));
  MARQUEE_ASSIGN_OR_RETURN(rows_, Rows(file, "top.rows", items));
  if (begin_.size() != countries_.size() + 1 || begin_.front() != 0 ||
      begin_.back() != rows_.size() ||
      !std::is_sorted(begin_.begin(), begin_.end())) {
    return Damaged(file, "top.begin",
                   "does not partition the items of the countries");
  }
  MARQUEE_ASSIGN_OR_RETURN(back_off_,
                           Shares(file, "top.back_off", countries_.size()));
  MARQUEE_ASSIGN_OR_RETURN(row_shares_,
                           Shares(file, "top.shares", rows_.size()));
  for (size_t i = 0; i < countries_.size(); ++i) {
    MARQUEE_RETURN_IF_ERROR(CheckFalling(
        file, "top.shares",
        row_shares_.subspan(begin_[i], begin_[i + 1] - begin_[i])));
    by_code_.emplace(countries_[i], i);
  }
  return absl::OkStatus();
}

RankedItems Popularity::InCountry(absl::string_view country) const {
  const auto it = by_code_.find(country);
  if (it == by_code_.end()) return {};
  const uint32_t begin = begin_[it->second];
  const uint32_t size = begin_[it->second + 1] - begin;
  return {rows_.subspan(begin, size), row_shares_.subspan(begin, size)};
}

float Popularity::BackOff(absl::string_view country) const {
  const auto it = by_code_.find(country);
  return it == by_code_.end() ? 1 : back_off_[it->second];
}

}  // namespace marquee
