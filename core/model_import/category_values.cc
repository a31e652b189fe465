#include "core/model_import/category_values.h"

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

struct UsedFeatures {
  std::set<uint32_t> as_categories;
  std::set<uint32_t> as_numbers;
};

UsedFeatures FindUsed(std::span<const Tree> trees) {
  UsedFeatures used;
  for (const Tree& tree : trees) {
    for (const Split& split : tree.splits) {
      (split.is_categorical ? used.as_categories : used.as_numbers)
          .insert(split.feature);
    }
    for (const LinearTerm& term : tree.terms) {
      used.as_numbers.insert(term.feature);
    }
  }
  return used;
}

// Whether two splits share a set of categories. LightGBM's file may have one
// set for several splits; replacing its numbers once per split would be wrong.
bool ShareCategories(const Tree& tree) {
  std::vector<bool> is_taken(tree.categories.size(), false);
  for (const Split& split : tree.splits) {
    if (split.category_count == 0) continue;
    if (is_taken[split.first_category]) return true;
    is_taken[split.first_category] = true;
  }
  return false;
}

absl::Status Replace(size_t t,
                     const std::map<uint32_t, std::vector<uint32_t>>& values,
                     Tree& tree) {
  if (ShareCategories(tree)) {
    return absl::DataLossError(
        absl::StrCat("tree ", t, ": two splits have one set of categories"));
  }
  for (const Split& split : tree.splits) {
    const auto found = values.find(split.feature);
    if (found == values.end()) continue;
    const auto first =
        tree.categories.begin() + ptrdiff_t{split.first_category};
    const auto last = first + ptrdiff_t{split.category_count};
    for (auto category = first; category != last; ++category) {
      if (*category >= found->second.size()) {
        return absl::DataLossError(absl::StrCat(
            "tree ", t, ": feature ", split.feature, " has the category ",
            *category, " of ", found->second.size()));
      }
      *category = found->second[*category];
    }
    // Forest requires that categories ascend, and values may be in another
    // order than their numbers.
    std::sort(first, last);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<CategoryValues> ReadCategoryValues(PullReader* reader) {
  CategoryValues list;
  MARQUEE_RETURN_IF_ERROR(reader->ForEachElement([&]() -> absl::Status {
    ++list.count;
    MARQUEE_ASSIGN_OR_RETURN(const PullReader::Kind kind, reader->Peek());
    double value = -1;
    if (kind == PullReader::Kind::kBool) {
      MARQUEE_ASSIGN_OR_RETURN(value, reader->Bool());
    } else if (kind == PullReader::Kind::kNumber) {
      MARQUEE_ASSIGN_OR_RETURN(value, reader->Double());
    } else {
      MARQUEE_RETURN_IF_ERROR(reader->Skip());
    }
    if (value >= 0 && value < kEndOfCategories && value == std::trunc(value)) {
      list.values.push_back(static_cast<uint32_t>(value));
    } else {
      list.are_categories = false;
    }
    return absl::OkStatus();
  }));
  return list;
}

bool AreTheNumbers(const CategoryValues& list) {
  if (!list.are_categories) return false;
  for (size_t number = 0; number < list.values.size(); ++number) {
    if (list.values[number] != number) return false;
  }
  return true;
}

std::vector<uint32_t> FeaturesWithCategories(std::span<const Tree> trees) {
  const std::set<uint32_t> features = FindUsed(trees).as_categories;
  return {features.begin(), features.end()};
}

absl::Status UseCategoryValues(
    const std::map<uint32_t, CategoryValues>& by_feature, ForestParts* parts) {
  const UsedFeatures used = FindUsed(parts->trees);
  std::map<uint32_t, std::vector<uint32_t>> to_replace;
  for (const auto& [feature, list] : by_feature) {
    const bool has_numbers = used.as_numbers.contains(feature);
    const bool is_used = has_numbers || used.as_categories.contains(feature);
    if (!is_used || AreTheNumbers(list)) continue;
    if (!list.are_categories || has_numbers) {
      parts->numbered_categories.push_back(feature);
      continue;
    }
    MARQUEE_RETURN_IF_ERROR(CheckDistinct(feature, list.values));
    to_replace.emplace(feature, list.values);
  }
  if (to_replace.empty()) return absl::OkStatus();
  for (size_t t = 0; t < parts->trees.size(); ++t) {
    MARQUEE_RETURN_IF_ERROR(Replace(t, to_replace, parts->trees[t]));
  }
  return absl::OkStatus();
}

}  // namespace marquee
