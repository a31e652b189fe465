#include "offline/data/csv_header.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "offline/data/parse_number.h"

namespace marquee {
namespace {

// Whether one letter too many, too few or wrong, or two exchanged, tell the
// texts apart; or nothing.
bool DifferByOneSlip(absl::string_view a, absl::string_view b) {
  while (!a.empty() && !b.empty() && a.front() == b.front()) {
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  while (!a.empty() && !b.empty() && a.back() == b.back()) {
    a.remove_suffix(1);
    b.remove_suffix(1);
  }
  if (a.size() <= 1 && b.size() <= 1) return true;
  return a.size() == 2 && b.size() == 2 && a[0] == b[1] && a[1] == b[0];
}

std::string NameOf(char delimiter) {
  if (delimiter == ',') return "commas";
  if (delimiter == '\t') return "tabs";
  return absl::StrCat("'", absl::string_view(&delimiter, 1), "'");
}

}  // namespace

std::string LettersAndDigits(absl::string_view name) {
  std::string kept;
  for (const char c : name) {
    if (absl::ascii_isalnum(c)) kept.push_back(absl::ascii_tolower(c));
  }
  return kept;
}

bool IsNearMiss(absl::string_view name, absl::string_view meant) {
  return LettersAndDigits(name) == LettersAndDigits(meant) ||
         DifferByOneSlip(
             absl::AsciiStrToLower(absl::StripAsciiWhitespace(name)),
             absl::AsciiStrToLower(meant));
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
    return absl::StrCat("the column ", QuoteForError(column),
                        " is probably to be '", name, "': write it so");
  }
  const auto quote = [](std::string* out, const std::string& column) {
    absl::StrAppend(out, QuoteForError(column));
  };
  return absl::StrCat("has no column '", name, "'; its columns are ",
                      absl::StrJoin(header, ", ", quote));
}

}  // namespace marquee
