#include "core/ranking/category_values.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace marquee {
namespace {

absl::Status CheckDistinct(uint32_t feature, std::vector<uint32_t> values) {
  std::sort(values.begin(), values.end());
  const auto twice = std::adjacent_find(values.begin(), values.end());
  if (twice == values.end()) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(
      "feature ", feature, " has the category ", *twice, " twice"));
}

// Features that are used as numbers too.
std::set<uint32_t> FeaturesOfNumbers(const std::vector<Tree>& trees) {
  std::set<uint32_t> features;
  for (const Tree& tree : trees) {
    for (const Split& split : tree.splits) {
      if (!split.is_categorical) features.insert(split.feature);
    }
    for (const LinearTerm& term : tree.terms) features.insert(term.feature);
  }
  return features;
}

// Splits of a tree may share their categories in a file, but not here, where
// they may be of different features.
absl::Status Replace(size_t t,
                     const std::map<uint32_t, std::vector<uint32_t>>& values,
                     Tree& tree) {
  std::vector<bool> is_done(tree.categories.size(), false);
  for (const Split& split : tree.splits) {
    const auto found = values.find(split.feature);
    if (found == values.end() || split.category_count == 0) continue;
    const auto fault = [&](absl::string_view what) {
      return absl::DataLossError(
          absl::StrCat("tree ", t, ": feature ", split.feature, what));
    };
    if (is_done[split.first_category]) {
      return fault(" shares the categories of a split with another split");
    }
    is_done[split.first_category] = true;
    const auto first =
        tree.categories.begin() + ptrdiff_t{split.first_category};
    const auto last = first + ptrdiff_t{split.category_count};
    for (auto category = first; category != last; ++category) {
      if (*category >= found->second.size()) {
        return fault(absl::StrCat(" has the category ", *category, " of ",
                                  found->second.size()));
      }
      *category = found->second[*category];
    }
    std::sort(first, last);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<CategoryValues> ReadCategoryValues(PullReader* reader) {
  std::vector<uint32_t> values;
  bool are_whole = true;
  MARQUEE_RETURN_IF_ERROR(reader->ForEachElement([&]() -> absl::Status {
    MARQUEE_ASSIGN_OR_RETURN(const PullReader::Kind kind, reader->Peek());
    if (kind == PullReader::Kind::kBool) {
      MARQUEE_ASSIGN_OR_RETURN(const bool value, reader->Bool());
      values.push_back(value ? 1 : 0);
      return absl::OkStatus();
    }
    if (kind != PullReader::Kind::kNumber) {
      are_whole = false;
      return reader->Skip();
    }
    MARQUEE_ASSIGN_OR_RETURN(const float value, reader->Float());
    if (value >= 0 && value < kEndOfCategories && value == std::trunc(value)) {
      values.push_back(static_cast<uint32_t>(value));
    } else {
      are_whole = false;
    }
    return absl::OkStatus();
  }));
  if (!are_whole) return CategoryValues();
  return values;
}

bool AreTheNumbers(const CategoryValues& values) {
  if (!values.has_value()) return false;
  for (size_t number = 0; number < values->size(); ++number) {
    if ((*values)[number] != number) return false;
  }
  return true;
}

absl::Status UseCategoryValues(
    const std::map<uint32_t, CategoryValues>& by_feature, ForestParts* parts) {
  const std::set<uint32_t> of_numbers = FeaturesOfNumbers(parts->trees);
  std::map<uint32_t, std::vector<uint32_t>> to_replace;
  for (const auto& [feature, values] : by_feature) {
    if (AreTheNumbers(values)) continue;
    if (!values.has_value() || of_numbers.contains(feature)) {
      parts->numbered_categories.push_back(feature);
      continue;
    }
    MARQUEE_RETURN_IF_ERROR(CheckDistinct(feature, *values));
    to_replace.emplace(feature, *values);
  }
  if (to_replace.empty()) return absl::OkStatus();
  for (size_t t = 0; t < parts->trees.size(); ++t) {
    MARQUEE_RETURN_IF_ERROR(Replace(t, to_replace, parts->trees[t]));
  }
  return absl::OkStatus();
}

}  // namespace marquee
