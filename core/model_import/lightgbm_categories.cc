#include "core/model_import/lightgbm_categories.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/base/status_macros.h"
#include "core/model_import/json_reader.h"

namespace marquee {
namespace {

using Infos = std::vector<absl::string_view>;

// Ascending.
std::vector<uint32_t> CategoricalFeatures(const Infos& infos) {
  std::vector<uint32_t> features;
  for (uint32_t feature = 0; feature < infos.size(); ++feature) {
    const absl::string_view info = infos[feature];
    if (info != "none" && info.front() != '[') features.push_back(feature);
  }
  return features;
}

// Whether a categorical feature saw only numbers of a list of `count` values,
// or -1 for values outside the list.
bool HasNumbersOf(absl::string_view info, size_t count) {
  for (const absl::string_view word : absl::StrSplit(info, ':')) {
    int64_t number = 0;
    if (!absl::SimpleAtoi(word, &number) || number < -1 ||
        number >= static_cast<int64_t>(count)) {
      return false;
    }
  }
  return true;
}

// Whether a feature that is not categorical can have a list of `count` values.
bool MayHaveNumbersOf(absl::string_view info, size_t count) {
  if (info == "none") return true;
  if (!absl::ConsumePrefix(&info, "[") || !absl::ConsumeSuffix(&info, "]")) {
    return true;
  }
  const std::pair<absl::string_view, absl::string_view> bounds =
      absl::StrSplit(info, absl::MaxSplits(':', 1));
  double least = 0;
  double most = 0;
  if (!absl::SimpleAtod(bounds.first, &least) ||
      !absl::SimpleAtod(bounds.second, &most)) {
    return true;
  }
  return least >= -1 && most < static_cast<double>(count) &&
         least == std::trunc(least) && most == std::trunc(most);
}

size_t LongestOf(const std::vector<CategoryValues>& lists) {
  size_t longest = 0;
  for (const CategoryValues& list : lists) {
    longest = std::max(longest, list.count);
  }
  return longest;
}

// Whether each list fits its categorical feature, in their order, and no list
// can belong to another feature.
bool Fit(const std::vector<CategoryValues>& lists,
         const std::vector<uint32_t>& features, const Infos& infos) {
  if (lists.size() != features.size()) return false;
  for (size_t i = 0; i < lists.size(); ++i) {
    if (!HasNumbersOf(infos[features[i]], lists[i].count)) return false;
  }
  const size_t longest = LongestOf(lists);
  for (uint32_t feature = 0; feature < infos.size(); ++feature) {
    if (!absl::c_binary_search(features, feature) &&
        MayHaveNumbersOf(infos[feature], longest)) {
      return false;
    }
  }
  return true;
}

absl::Status ReadLists(const ModelLines& lines, absl::string_view text,
                       std::vector<CategoryValues>* lists) {
  const std::string place =
      absl::StrCat(lines.name(), ":", lines.number(), ": pandas_categorical");
  JsonReader reader(text, place);
  MARQUEE_ASSIGN_OR_RETURN(const PullReader::Kind kind, reader.Peek());
  if (kind == PullReader::Kind::kNull) return absl::OkStatus();
  MARQUEE_RETURN_IF_ERROR(reader.ForEachElement([&]() -> absl::Status {
    MARQUEE_ASSIGN_OR_RETURN(CategoryValues list, ReadCategoryValues(&reader));
    lists->push_back(std::move(list));
    return absl::OkStatus();
  }));
  return reader.ExpectEnd();
}

}  // namespace

absl::StatusOr<std::map<uint32_t, CategoryValues>> ReadLightGbmCategories(
    absl::string_view feature_infos, std::span<const Tree> trees,
    ModelLines* lines) {
  const Infos infos = absl::StrSplit(feature_infos, ' ', absl::SkipEmpty());
  const std::vector<uint32_t> features = CategoricalFeatures(infos);
  std::vector<CategoryValues> lists;
  while (lines->Next()) {
    absl::string_view line = lines->line();
    if (absl::ConsumePrefix(&line, "pandas_categorical:")) {
      MARQUEE_RETURN_IF_ERROR(ReadLists(*lines, line, &lists));
    }
  }
  std::map<uint32_t, CategoryValues> by_feature;
  if (absl::c_all_of(lists, AreTheNumbers)) return by_feature;
  if (Fit(lists, features, infos)) {
    for (size_t i = 0; i < lists.size(); ++i) {
      by_feature[features[i]] = std::move(lists[i]);
    }
    return by_feature;
  }
  const size_t longest = LongestOf(lists);
  for (const Tree& tree : trees) {
    for (const Split& split : tree.splits) {
      const bool may_have_list =
          split.is_categorical || split.feature >= infos.size() ||
          MayHaveNumbersOf(infos[split.feature], longest);
      if (may_have_list) by_feature[split.feature] = {.are_categories = false};
    }
  }
  return by_feature;
}

}  // namespace marquee
