#include "core/catalog/catalog_writer.h"

#include <array>
#include <cmath>
#include <limits>

#include "absl/strings/str_cat.h"
#include "core/base/request_limits.h"
#include "core/base/status_macros.h"
#include "core/catalog/catalog.h"

namespace marquee {
namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();
// Enough for any known catalogue, and few enough that a misread file fails
// early.
constexpr size_t kMaxColumns = 200;

absl::Status CheckName(absl::string_view kind, absl::string_view name) {
  if (name.empty() || name.size() > kMaxIdBytes ||
      name.find('\n') != absl::string_view::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat(kind, " name '", name, "': must be of 1 to ", kMaxIdBytes,
                     " bytes, one line"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CatalogWriter::Add(const ItemRecord& item) {
  if (item.maturity && (*item.maturity < 0 || *item.maturity > kMaxMaturity)) {
    return absl::InvalidArgumentError(
        absl::StrCat("item '", item.id, "': maturity ", *item.maturity,
                     ": must be an age of 0 to ", kMaxMaturity, " years"));
  }
  for (const auto& [name, values] : item.attributes) {
    MARQUEE_RETURN_IF_ERROR(CheckName("attribute", name));
  }
  for (const auto& [name, value] : item.numbers) {
    MARQUEE_RETURN_IF_ERROR(CheckName("number", name));
    if (!std::isfinite(static_cast<float>(value))) {
      return absl::InvalidArgumentError(absl::StrCat(
          "item '", item.id, "': number '", name, "': must be finite"));
    }
  }
  const size_t row = ids_.size();
  MARQUEE_RETURN_IF_ERROR(ids_.Add(item.id));
  titles_.Add(item.title);
  released_.push_back(item.released ? static_cast<int32_t>(*item.released -
                                                           absl::CivilDay(1970))
                                    : Catalog::kUnknownDay);
  maturity_.push_back(
      static_cast<uint8_t>(item.maturity.value_or(Catalog::kUnrated)));
  for (const auto& [name, values] : item.attributes) {
    if (!values.empty()) attributes_[name].Add(row, values);
  }
  for (const auto& [name, value] : item.numbers) {
    std::vector<float>& column = numbers_[name];
    // The items before this one may lack the number.
    column.resize(row, kMissing);
    column.push_back(static_cast<float>(value));
  }
  if (attributes_.size() + numbers_.size() > kMaxColumns) {
    return absl::InvalidArgumentError(
        absl::StrCat("item '", item.id, "': more than ", kMaxColumns,
                     " different attributes and numbers"));
  }
  return absl::OkStatus();
}

absl::Status CatalogWriter::Write(ArrayFileWriter& out) {
  MARQUEE_RETURN_IF_ERROR(ids_.Write(out));
  MARQUEE_RETURN_IF_ERROR(titles_.Write("title", out));
  out.Add<int32_t>("released", released_);
  out.Add<uint8_t>("maturity", maturity_);
  const std::array unrated_is = {
      static_cast<uint8_t>(unrated_is_.value_or(Catalog::kUnrated))};
  out.Add<uint8_t>("unrated_is", unrated_is);
  std::string names;
  size_t i = 0;
  for (auto& [name, attribute] : attributes_) {
    MARQUEE_RETURN_IF_ERROR(
        attribute.Write(absl::StrCat("a", i++), size(), out));
    absl::StrAppend(&names, name, "\n");
  }
  out.AddText("attributes", names);
  names.clear();
  i = 0;
  for (auto& [name, column] : numbers_) {
    column.resize(size(), kMissing);
    out.Add<float>(absl::StrCat("n", i++), column);
    absl::StrAppend(&names, name, "\n");
  }
  out.AddText("numbers", names);
  return absl::OkStatus();
}

}  // namespace marquee
