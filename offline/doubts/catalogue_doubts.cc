#include "offline/doubts/catalogue_doubts.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/base/check.h"
#include "offline/data/spelling.h"
#include "offline/doubts/doubt_list.h"
#include "offline/formats/parse_number.h"

namespace marquee {
namespace {

constexpr size_t kMostValues = 100'000;

using Values = absl::flat_hash_map<std::string, Uses>;
using Use = Values::value_type;

struct Column {
  Uses texts, numbers;
  Values values;

  uint64_t items() const { return texts.items + numbers.items; }
  uint64_t line() const { return std::min(texts.line, numbers.line); }
};

// Returns "12 items" or "1 item".
std::string Items(uint64_t count) {
  return absl::StrCat(count, count == 1 ? " item" : " items");
}

// Returns the field of items.jsonl.
std::string FieldOf(const std::string& attribute) {
  if (attribute == "genre") return "genres";
  if (attribute == "language" || attribute == "franchise") return attribute;
  return absl::StrCat("attributes.", attribute);
}

class CatalogueDoubts {
 public:
  CatalogueDoubts(std::span<const ItemRecord> records,
                  std::span<const uint64_t> lines) {
    MARQUEE_CHECK(records.size() == lines.size());
    for (size_t i = 0; i < records.size(); ++i) Add(records[i], lines[i]);
    for (const auto& [name, column] : columns_) {
      if (column.texts.items > 0 && column.numbers.items > 0) {
        DoubtKinds(name, column);
      }
      for (const Use& use : column.values) DoubtValue(name, column, use);
      DoubtSpellings(name, column);
    }
    DoubtNames();
  }

  std::vector<std::string> Tell(const std::string& path) {
    std::vector<std::string> out;
    kinds_.Tell(path, "attributes that are both numbers and texts", out);
    names_.Tell(path, "attributes whose names look like another's", out);
    nothing_.Tell(path, "values that tables write for a missing value", out);
    spellings_.Tell(path, "values that look like another", out);
    lists_.Tell(path, "values that are lists in one text", out);
    return out;
  }

 private:
  void Add(const ItemRecord& item, uint64_t line) {
    for (const auto& [name, number] : item.numbers) {
      columns_[name].numbers.Add(line);
    }
    for (const auto& [name, values] : item.attributes) {
      Column& column = columns_[name];
      column.texts.Add(line);
      for (const std::string& value : values) {
        const auto found = column.values.find(value);
        if (found != column.values.end()) {
          found->second.Add(line);
        } else if (column.values.size() < kMostValues || IsForNothing(value)) {
          column.values[value].Add(line);
        }
      }
    }
  }

  void DoubtKinds(const std::string& name, const Column& column) {
    kinds_.Add({column.items(), column.line()},
               absl::StrCat("attributes.", name, " is a text on ",
                            Items(column.texts.items), " (the first on line ",
                            column.texts.line, ") and a number on ",
                            Items(column.numbers.items), " (the first on line ",
                            column.numbers.line, "): 'item.", name,
                            "' is a missing value where it is a text"));
  }

  void DoubtNames() {
    std::map<std::string, std::vector<const std::string*>> by_key;
    for (const auto& [name, column] : columns_) {
      by_key[SpellingKey(name)].push_back(&name);
    }
    for (const auto& [key, names] : by_key) {
      const std::string& most = **absl::c_max_element(
          names, [this](const std::string* a, const std::string* b) {
            return columns_[*a].items() < columns_[*b].items();
          });
      for (const std::string* const name : names) {
        if (*name == most) continue;
        const Column& column = columns_[*name];
        names_.Add({column.items(), column.line()},
                   absl::StrCat(FieldOf(*name), " is on ",
                                Items(column.items()), " and ", FieldOf(most),
                                " on ", Items(columns_[most].items()),
                                " (the first on line ", columns_[most].line(),
                                "): two attributes, which differ by ",
                                Difference(*name, most), " alone"));
      }
    }
  }

  void DoubtValue(const std::string& name, const Column& column,
                  const Use& use) {
    const auto& [value, uses] = use;
    const std::string what = absl::StrCat(
        FieldOf(name), " ", QuoteForError(value), " is on ", Items(uses.items));
    if (IsForNothing(value)) {
      if (name == "language") return;
      nothing_.Add(uses, absl::StrCat(what,
                                      ": tables write that for nothing; leave "
                                      "it out there, or these items are a "
                                      "group of their own"));
      return;
    }
    // An item has one value of these.
    if (name == "franchise" || name == "language") return;
    const std::vector<std::string> parts = Parts(column.values, value);
    if (parts.empty()) return;
    lists_.Add(uses, absl::StrCat(what, ", as one value; write [\"",
                                  absl::StrJoin(parts, "\", \""), "\"]"));
  }

  // Returns the parts of a list in one text; empty if the value is not a list.
  static std::vector<std::string> Parts(const Values& values,
                                        absl::string_view value) {
    const bool is_bracketed =
        absl::StartsWith(value, "[") && absl::EndsWith(value, "]");
    if (is_bracketed) value = value.substr(1, value.size() - 2);
    if (is_bracketed &&
        (absl::StartsWith(value, "'") || absl::StartsWith(value, "\""))) {
      return Split(value, ",");
    }
    if (absl::StrContains(value, '|')) return Split(value, "|");
    if (!is_bracketed && value.find_first_of(",;") == value.npos) return {};
    std::vector<std::string> parts = Split(value, ",;");
    const bool are_values = absl::c_all_of(
        parts, [&](const std::string& part) { return values.contains(part); });
    return are_values ? parts : std::vector<std::string>();
  }

  // Splits at any of the characters. Removes the quotes that Python prints.
  static std::vector<std::string> Split(absl::string_view text,
                                        const char* characters) {
    std::vector<std::string> parts;
    for (absl::string_view part :
         absl::StrSplit(text, absl::ByAnyChar(characters))) {
      part = absl::StripAsciiWhitespace(part);
      for (const absl::string_view quote : {"'", "\""}) {
        if (part.size() < 2 || !absl::StartsWith(part, quote)) continue;
        part = absl::StripSuffix(absl::StripPrefix(part, quote), quote);
      }
      if (!part.empty()) parts.emplace_back(part);
    }
    return parts;
  }

  // Finds values that look like a more frequent one.
  void DoubtSpellings(const std::string& name, const Column& column) {
    absl::flat_hash_map<std::string, std::vector<const Use*>> by_key;
    for (const Use& use : column.values) {
      if (!IsForNothing(use.first))
        by_key[SpellingKey(use.first)].push_back(&use);
    }
    for (auto& [key, uses] : by_key) {
      if (uses.size() < 2) continue;
      const Use& most =
          **absl::c_max_element(uses, [](const Use* a, const Use* b) {
            return std::tie(a->second.items, b->second.line) <
                   std::tie(b->second.items, a->second.line);
          });
      for (const Use* const use : uses) {
        if (use == &most) continue;
        spellings_.Add(
            use->second,
            absl::StrCat(FieldOf(name), " ", QuoteForError(use->first),
                         " is on ", Items(use->second.items), " and ",
                         QuoteForError(most.first), " on ",
                         Items(most.second.items),
                         ": two values, which differ by ",
                         Difference(use->first, most.first), " alone"));
      }
    }
  }

  std::map<std::string, Column> columns_;  // by attribute
  DoubtList kinds_, names_, nothing_, spellings_, lists_;
};

}  // namespace

std::vector<std::string> TellCatalogueDoubts(
    const std::string& path, std::span<const ItemRecord> records,
    std::span<const uint64_t> lines) {
  return CatalogueDoubts(records, lines).Tell(path);
}

}  // namespace marquee
