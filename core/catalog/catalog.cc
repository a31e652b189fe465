#include "core/catalog/catalog.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "core/base/request_limits.h"
#include "core/base/status_macros.h"

namespace marquee {
namespace {

static_assert(Catalog::kUnrated > kMaxMaturity);

std::vector<std::string> Lines(absl::string_view text) {
  return absl::StrSplit(text, '\n', absl::SkipEmpty());
}

template <typename T>
absl::StatusOr<std::span<const T>> Column(const ArrayFile& file,
                                          absl::string_view name, size_t rows) {
  MARQUEE_ASSIGN_OR_RETURN(const std::span<const T> column,
                           file.Array<T>(name));
  if (column.size() != rows) {
    return absl::DataLossError(absl::StrCat(file.name(), ": array '", name,
                                            "' has ", column.size(),
                                            " rows, the catalogue has ", rows));
  }
  return column;
}

bool IsAge(uint8_t age) {
  return age <= kMaxMaturity || age == Catalog::kUnrated;
}

// Accepts what the importer accepts: years of up to four characters, ages of up
// to two digits. Larger numbers would overflow in the arithmetic of days.
absl::Status CheckItems(const ArrayFile& file,
                        std::span<const int32_t> released,
                        std::span<const uint8_t> maturity) {
  const auto first =
      static_cast<int32_t>(absl::CivilDay(-999) - absl::CivilDay(1970));
  const auto last =
      static_cast<int32_t>(absl::CivilDay(9999, 12, 31) - absl::CivilDay(1970));
  for (size_t row = 0; row < released.size(); ++row) {
    const int32_t day = released[row];
    if (day != Catalog::kUnknownDay && (day < first || day > last)) {
      return absl::DataLossError(absl::StrCat(
          file.name(), ": array 'released': item ", row, " has day ", day,
          ", must be ", first, " to ", last, " or unknown"));
    }
    if (!IsAge(maturity[row])) {
      return absl::DataLossError(absl::StrCat(
          file.name(), ": array 'maturity': item ", row, " has ", maturity[row],
          " years, must be 0 to ", kMaxMaturity, " or ", Catalog::kUnrated));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<const Catalog>> Catalog::Open(
    const ArrayFile& file) {
  std::unique_ptr<Catalog> catalog(new Catalog);
  MARQUEE_ASSIGN_OR_RETURN(catalog->ids_, IdIndex::Open(file));
  const size_t rows = catalog->size();
  MARQUEE_ASSIGN_OR_RETURN(catalog->titles_, StringTable::Open(file, "title"));
  if (catalog->titles_.size() != rows) {
    return absl::DataLossError(
        absl::StrCat(file.name(), ": not one title for each id"));
  }
  MARQUEE_ASSIGN_OR_RETURN(catalog->released_,
                           Column<int32_t>(file, "released", rows));
  MARQUEE_ASSIGN_OR_RETURN(catalog->maturity_,
                           Column<uint8_t>(file, "maturity", rows));
  MARQUEE_RETURN_IF_ERROR(
      CheckItems(file, catalog->released_, catalog->maturity_));
  MARQUEE_ASSIGN_OR_RETURN(const std::span<const uint8_t> unrated_is,
                           file.Array<uint8_t>("unrated_is"));
  if (unrated_is.size() != 1 || !IsAge(unrated_is[0])) {
    return absl::DataLossError(absl::StrCat(
        file.name(), ": array 'unrated_is': must be one age of 0 to ",
        kMaxMaturity, " or ", kUnrated));
  }
  if (unrated_is[0] != kUnrated) catalog->unrated_is_ = unrated_is[0];
  MARQUEE_ASSIGN_OR_RETURN(const absl::string_view attributes,
                           file.Text("attributes"));
  catalog->attribute_names_ = Lines(attributes);
  for (size_t i = 0; i < catalog->attribute_names_.size(); ++i) {
    MARQUEE_ASSIGN_OR_RETURN(Attribute attribute,
                             Attribute::Open(file, absl::StrCat("a", i), rows));
    catalog->attributes_.push_back(std::move(attribute));
  }
  MARQUEE_ASSIGN_OR_RETURN(const absl::string_view numbers,
                           file.Text("numbers"));
  catalog->number_names_ = Lines(numbers);
  for (size_t i = 0; i < catalog->number_names_.size(); ++i) {
    MARQUEE_ASSIGN_OR_RETURN(const std::span<const float> column,
                             Column<float>(file, absl::StrCat("n", i), rows));
    if (std::any_of(column.begin(), column.end(),
                    [](float v) { return std::isinf(v); })) {
      return absl::DataLossError(absl::StrCat(file.name(), ": array 'n", i,
                                              "' (", catalog->number_names_[i],
                                              ") has an infinity"));
    }
    catalog->numbers_.push_back(column);
  }
  catalog->IndexMaturity();
  return catalog;
}

void Catalog::IndexMaturity() {
  nothing_.assign(BitmapWords(size()), 0);
  std::vector<int> ages;
  for (uint32_t row = 0; row < size(); ++row) {
    ages.push_back(Maturity(ItemRow{row}));
  }
  const std::set<int> distinct(ages.begin(), ages.end());
  // Ages ascend, so the last bitmap that fits a limit has all items within it.
  for (const int age : distinct) {
    std::vector<uint64_t> bits(BitmapWords(size()), 0);
    for (uint32_t row = 0; row < size(); ++row) {
      if (ages[row] <= age) SetBit(bits, row);
    }
    within_maturity_.emplace_back(age, std::move(bits));
  }
}

BitmapView Catalog::WithinMaturity(int limit) const {
  BitmapView within = nothing_;
  for (const auto& [age, bits] : within_maturity_) {
    if (age <= limit) within = bits;
  }
  return within;
}

std::string Catalog::DescribeMaturity(ItemRow row) const {
  const int age = Maturity(row);
  if (IsRated(row)) return absl::StrCat("is for ", age, " years");
  if (age == kUnrated) return "has no age rating";
  return absl::StrCat("has no age rating, which counts as ", age, " years");
}

std::optional<ItemRow> Catalog::Find(absl::string_view id) const {
  const std::optional<uint32_t> row = ids_.Find(id);
  if (!row) return std::nullopt;
  return ItemRow{*row};
}

const Attribute* Catalog::FindAttribute(absl::string_view name) const {
  const auto it =
      std::find(attribute_names_.begin(), attribute_names_.end(), name);
  return it == attribute_names_.end()
             ? nullptr
             : &attributes_[it - attribute_names_.begin()];
}

std::span<const float> Catalog::FindNumber(absl::string_view name) const {
  const auto it = std::find(number_names_.begin(), number_names_.end(), name);
  if (it == number_names_.end()) return {};
  return numbers_[it - number_names_.begin()];
}

}  // namespace marquee
