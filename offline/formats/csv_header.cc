#include "offline/formats/csv_header.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/near_names.h"
#include "offline/formats/parse_number.h"

namespace marquee {
namespace {

constexpr size_t kMostColumns = 50;  // listed in a message

std::string NameOf(char delimiter) {
  if (delimiter == ',') return "commas";
  if (delimiter == '\t') return "tabs";
  return absl::StrCat("'", absl::string_view(&delimiter, 1), "'");
}

}  // namespace

bool IsNearMiss(absl::string_view name, absl::string_view meant) {
  return NameDistance(name, meant) <= 1;
}

std::string TellOtherDelimiter(absl::string_view text, char delimiter) {
  for (const char other : {';', '\t', '|', ','}) {
    if (other == delimiter || !absl::StrContains(text, other)) continue;
    return absl::StrCat("cells are separated by ", NameOf(other), ", not by ",
                        NameOf(delimiter));
  }
  return "";
}

std::string TellMissingColumn(std::span<const std::string> header,
                              absl::string_view name, char delimiter) {
  if (header.size() == 1) {
    const std::string separated = TellOtherDelimiter(header[0], delimiter);
    if (!separated.empty()) {
      return absl::StrCat(separated, ": write ", NameOf(delimiter));
    }
  }
  for (const std::string& column : header) {
    if (!IsNearMiss(column, name)) continue;
    return absl::StrCat("the column ", QuoteForError(column), " is probably '",
                        name, "': rename it");
  }
  const auto quote = [](std::string* out, const std::string& column) {
    absl::StrAppend(out, QuoteForError(column));
  };
  const size_t told = std::min(kMostColumns, header.size());
  return absl::StrCat("has no column '", name, "'; its columns are ",
                      absl::StrJoin(header.first(told), ", ", quote),
                      told < header.size()
                          ? absl::StrCat(" and ", header.size() - told, " more")
                          : "");
}

}  // namespace marquee
