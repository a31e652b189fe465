#include "core/catalog/attribute.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/status_macros.h"

namespace marquee {
namespace {

// If an attribute has more values than this, no similar value is searched for.
constexpr size_t kMostCompared = 4096;
// More values than this are not listed.
constexpr size_t kMostListed = 32;

}  // namespace

absl::StatusOr<Attribute> Attribute::Open(const ArrayFile& file,
                                          absl::string_view prefix,
                                          size_t rows) {
  Attribute attribute;
  MARQUEE_ASSIGN_OR_RETURN(
      attribute.dictionary_,
      StringTable::Open(file, absl::StrCat(prefix, ".value")));
  MARQUEE_ASSIGN_OR_RETURN(
      attribute.begin_, file.Array<uint32_t>(absl::StrCat(prefix, ".begin")));
  MARQUEE_ASSIGN_OR_RETURN(
      attribute.codes_, file.Array<uint32_t>(absl::StrCat(prefix, ".codes")));
  const auto& begin = attribute.begin_;
  if (begin.size() != rows + 1 || begin.front() != 0 ||
      begin.back() != attribute.codes_.size() ||
      !std::is_sorted(begin.begin(), begin.end())) {
    return absl::DataLossError(absl::StrCat(
        file.name(), ": array '", prefix,
        ".begin' does not partition the codes of ", rows, " items"));
  }
  const uint32_t values = static_cast<uint32_t>(attribute.dictionary_.size());
  if (std::any_of(attribute.codes_.begin(), attribute.codes_.end(),
                  [values](uint32_t code) { return code >= values; })) {
    return absl::DataLossError(absl::StrCat(file.name(), ": array '", prefix,
                                            ".codes' leaves its dictionary"));
  }
  for (uint32_t row = 0; row < rows; ++row) {
    const std::span<const uint32_t> codes = attribute.Codes(ItemRow{row});
    if (std::adjacent_find(codes.begin(), codes.end(),
                           std::greater_equal<>()) == codes.end()) {
      continue;
    }
    return absl::DataLossError(absl::StrCat(file.name(), ": array '", prefix,
                                            ".codes': those of item ", row,
                                            " are not ascending, each once"));
  }
  for (uint32_t code = 0; code < values; ++code) {
    attribute.by_value_.emplace(attribute.dictionary_[code], code);
  }
  attribute.IndexItems();
  return attribute;
}

void Attribute::IndexItems() {
  // A counting sort of the pairs (item, value) by value. It is stable, so the
  // rows of each value ascend.
  items_begin_.assign(values() + 1, 0);
  for (const uint32_t code : codes_) ++items_begin_[code + 1];
  std::partial_sum(items_begin_.begin(), items_begin_.end(),
                   items_begin_.begin());
  items_.resize(codes_.size());
  std::vector<uint32_t> next = items_begin_;
  for (uint32_t row = 0; row + 1 < begin_.size(); ++row) {
    for (const uint32_t code : Codes(ItemRow{row})) items_[next[code]++] = row;
  }
}

bool Attribute::Has(ItemRow row, uint32_t code) const {
  const std::span<const uint32_t> codes = Codes(row);
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

std::optional<uint32_t> Attribute::Find(absl::string_view value) const {
  const auto it = by_value_.find(value);
  if (it == by_value_.end()) return std::nullopt;
  return it->second;
}

std::string TellUnknownValue(const Attribute& attribute, absl::string_view name,
                             absl::string_view value) {
  std::string text = absl::StrCat("no item has '", value, "' as its ", name);
  if (attribute.values() > kMostCompared) return text;
  for (uint32_t code = 0; code < attribute.values(); ++code) {
    if (!absl::EqualsIgnoreCase(attribute.Value(code), value)) continue;
    absl::StrAppend(&text, "; there is '", attribute.Value(code), "'");
    return text;
  }
  if (attribute.values() > kMostListed) return text;
  std::vector<absl::string_view> known;
  for (uint32_t code = 0; code < attribute.values(); ++code) {
    known.push_back(attribute.Value(code));
  }
  std::sort(known.begin(), known.end());
  absl::StrAppend(&text, "; there are: ", absl::StrJoin(known, ", "));
  return text;
}

void AttributeWriter::FillTo(size_t row) {
  begin_.resize(std::max(begin_.size(), row + 1),
                static_cast<uint32_t>(codes_.size()));
}

void AttributeWriter::Add(size_t row, const std::vector<std::string>& values) {
  FillTo(row);
  const size_t first = codes_.size();
  for (const std::string& value : values) {
    const auto [it, is_new] = dictionary_.try_emplace(value, values_.size());
    if (is_new) values_.Add(value);
    codes_.push_back(it->second);
  }
  std::sort(codes_.begin() + first, codes_.end());
  codes_.erase(std::unique(codes_.begin() + first, codes_.end()), codes_.end());
  FillTo(row + 1);
}

absl::Status AttributeWriter::Write(absl::string_view prefix, size_t rows,
                                    ArrayFileWriter& out) {
  FillTo(rows);
  MARQUEE_RETURN_IF_ERROR(values_.Write(absl::StrCat(prefix, ".value"), out));
  out.Add<uint32_t>(absl::StrCat(prefix, ".begin"), begin_);
  out.Add<uint32_t>(absl::StrCat(prefix, ".codes"), codes_);
  return absl::OkStatus();
}

}  // namespace marquee
