#include "offline/doubts/unknown_codes.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/catalog/locale_codes.h"
#include "offline/data/spelling.h"
#include "offline/formats/parse_number.h"

namespace marquee {
namespace {

constexpr size_t kMostTold = 5;

}  // namespace

void UnknownCodes::AddCountry(absl::string_view code, uint64_t count) {
  if (count == 0 || code.empty() || code == "*" || IsCountryCode(code)) return;
  counts_[TellUnknownCountry(code)] += count;
}

void UnknownCodes::AddLanguage(absl::string_view tag, uint64_t count) {
  if (count == 0 || tag.empty()) return;
  if (IsForNothing(tag)) {
    counts_[absl::StrCat(
        "the language ", QuoteForError(tag),
        " is what tables write for a missing value; leave it out")] += count;
  } else if (!IsLanguageTag(tag)) {
    counts_[TellUnknownLanguage(tag)] += count;
  }
}

std::vector<std::string> UnknownCodes::Tell(absl::string_view file,
                                            absl::string_view what) const {
  std::vector<std::pair<uint64_t, std::string>> codes;
  for (const auto& [text, count] : counts_) codes.emplace_back(count, text);
  std::stable_sort(
      codes.begin(), codes.end(),
      [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> lines;
  uint64_t others = 0;
  for (const auto& [count, text] : codes) {
    if (lines.size() < kMostTold) {
      lines.push_back(absl::StrCat(file, ": ", count, " ", what, ": ", text));
    } else {
      others += count;
    }
  }
  if (others > 0) {
    lines.push_back(absl::StrCat(file, ": ", others, " ", what, ": ",
                                 codes.size() - kMostTold,
                                 " more unknown codes"));
  }
  return lines;
}

}  // namespace marquee
