#include "core/model_import/lightgbm_tree.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace marquee {
namespace {

constexpr std::array<absl::string_view, 16> kTreeKeys = {
    "num_leaves",    "num_cat",        "split_feature", "threshold",
    "decision_type", "left_child",     "right_child",   "leaf_value",
    "is_linear",     "cat_boundaries", "cat_threshold", "leaf_const",
    "num_features",  "leaf_features",  "leaf_coeff",    "default_value"};

// decision_type of a split: bit 0 if it is categorical, bit 1 if missing values
// go left, and from bit 2 on the rule for missing values, in the order of
// MissingRule.
constexpr int32_t kCategoricalBit = 1;
constexpr int32_t kDefaultLeftBit = 2;
constexpr int kMissingShift = 2;
constexpr int32_t kMaxDecisionType = 2 << kMissingShift | kDefaultLeftBit;

// Holds the state while one tree is read.
class TreeReader {
 public:
  TreeReader(const TextSection& section, size_t index)
      : section_(section), index_(index) {}

  absl::StatusOr<Tree> Run();

 private:
  absl::Status UseSplits();
  absl::StatusOr<std::vector<size_t>> ReadCategories();
  absl::Status UseCategories(std::span<const size_t> begins, double number,
                             Split* split) const;
  absl::Status UseLinearTerms();
  std::string TreeName() const { return absl::StrCat("tree ", index_); }

  const TextSection& section_;
  const size_t index_;
  Tree tree_;
};

absl::Status TreeReader::UseSplits() {
  const size_t count = tree_.leaf_values.size() - 1;
  MARQUEE_ASSIGN_OR_RETURN(const auto features,
                           section_.Ints("split_feature", count));
  MARQUEE_ASSIGN_OR_RETURN(const auto thresholds,
                           section_.Doubles("threshold", count));
  MARQUEE_ASSIGN_OR_RETURN(const auto left, section_.Ints("left_child", count));
  MARQUEE_ASSIGN_OR_RETURN(const auto right,
                           section_.Ints("right_child", count));
  MARQUEE_ASSIGN_OR_RETURN(const std::vector<size_t> category_begins,
                           ReadCategories());
  std::vector<int32_t> types(count, 0);
  if (section_.Has("decision_type")) {
    MARQUEE_ASSIGN_OR_RETURN(types, section_.Ints("decision_type", count));
  }
  tree_.splits.resize(count);
  for (size_t i = 0; i < count; ++i) {
    if (types[i] < 0 || (types[i] & ~kCategoricalBit) > kMaxDecisionType) {
      return section_.Fault("decision_type",
                            absl::StrCat(TreeName(), ", split ", i,
                                         ": unknown decision type ", types[i]));
    }
    tree_.splits[i] = {
        .threshold = thresholds[i],
        // A negative feature becomes a large one, which Forest::Create refuses,
        // as it refuses children that are out of range.
        .feature = static_cast<uint32_t>(features[i]),
        .left = left[i],
        .right = right[i],
        .missing = static_cast<MissingRule>(types[i] >> kMissingShift),
        .default_left = (types[i] & kDefaultLeftBit) != 0};
    if (types[i] & kCategoricalBit) {
      MARQUEE_RETURN_IF_ERROR(
          UseCategories(category_begins, thresholds[i], &tree_.splits[i]));
    }
  }
  return absl::OkStatus();
}

// Returns where each set of categories begins in tree_.categories, and the end
// of the last. Bit c % 32 of word c / 32 of a set stands for category c.
absl::StatusOr<std::vector<size_t>> TreeReader::ReadCategories() {
  MARQUEE_ASSIGN_OR_RETURN(const int64_t count, section_.Int("num_cat"));
  if (count < 0 || count > Forest::kMaxCount) {
    return section_.Fault("num_cat", absl::StrCat(TreeName(), " has ", count,
                                                  " categorical splits"));
  }
  std::vector<size_t> begins = {0};
  if (count == 0) return begins;
  MARQUEE_ASSIGN_OR_RETURN(
      const auto bounds,
      section_.Ints("cat_boundaries", static_cast<size_t>(count) + 1));
  if (bounds[0] != 0 || !std::is_sorted(bounds.begin(), bounds.end())) {
    return section_.Fault("cat_boundaries",
                          absl::StrCat(TreeName(), ": do not ascend from 0"));
  }
  MARQUEE_ASSIGN_OR_RETURN(
      const auto words,
      section_.Words("cat_threshold", static_cast<size_t>(bounds.back())));
  // A word has up to 32 categories, so growing step by step would cost the
  // most.
  size_t bits_set = 0;
  for (const uint32_t word : words) {
    bits_set += static_cast<size_t>(std::popcount(word));
  }
  tree_.categories.reserve(bits_set);
  for (size_t set = 0; set + 1 < bounds.size(); ++set) {
    for (int32_t at = bounds[set]; at < bounds[set + 1]; ++at) {
      const auto first = static_cast<uint32_t>(at - bounds[set]) * 32;
      for (uint32_t bits = words[static_cast<size_t>(at)]; bits != 0;
           bits &= bits - 1) {
        tree_.categories.push_back(
            first + static_cast<uint32_t>(std::countr_zero(bits)));
      }
    }
    begins.push_back(tree_.categories.size());
  }
  return begins;
}

// `number` is the number of the set, which the file has in the place of a
// threshold.
absl::Status TreeReader::UseCategories(std::span<const size_t> begins,
                                       double number, Split* split) const {
  // The condition is written so that NaN fails it.
  if (!(number >= 0 && number + 1 < static_cast<double>(begins.size())) ||
      number != std::trunc(number)) {
    return section_.Fault(
        "threshold", absl::StrCat(TreeName(), ": ", number,
                                  " is not the number of a set of categories"));
  }
  const auto set = static_cast<size_t>(number);
  split->is_categorical = true;
  split->threshold = 0;
  split->first_category = static_cast<uint32_t>(begins[set]);
  split->category_count = static_cast<uint32_t>(begins[set + 1] - begins[set]);
  return absl::OkStatus();
}

absl::Status TreeReader::UseLinearTerms() {
  int64_t is_linear = 0;
  if (section_.Has("is_linear")) {
    MARQUEE_ASSIGN_OR_RETURN(is_linear, section_.Int("is_linear"));
  }
  if (is_linear == 0) return absl::OkStatus();
  MARQUEE_ASSIGN_OR_RETURN(tree_.leaf_constants,
                           section_.Doubles("leaf_const", tree_.leaves()));
  MARQUEE_ASSIGN_OR_RETURN(const auto counts,
                           section_.Ints("num_features", tree_.leaves()));
  int64_t terms = 0;
  tree_.first_term.push_back(0);
  for (const int32_t count : counts) {
    terms += count;
    if (count < 0 || terms > Forest::kMaxCount) {
      return section_.Fault(
          "num_features",
          absl::StrCat(TreeName(), ": ", count, " features of a leaf"));
    }
    tree_.first_term.push_back(static_cast<uint32_t>(terms));
  }
  const auto count = static_cast<size_t>(terms);
  MARQUEE_ASSIGN_OR_RETURN(const auto features,
                           section_.Ints("leaf_features", count));
  MARQUEE_ASSIGN_OR_RETURN(const auto coefficients,
                           section_.Doubles("leaf_coeff", count));
  for (size_t i = 0; i < count; ++i) {
    tree_.terms.push_back({.coefficient = coefficients[i],
                           .feature = static_cast<uint32_t>(features[i])});
  }
  return absl::OkStatus();
}

absl::StatusOr<Tree> TreeReader::Run() {
  if (section_.Has("default_value")) {
    return section_.Unsupported(
        "default_value",
        "a model of LightGBM 2.0.4 or older, which gives zeros a default_value "
        "in each split, is not supported; train it again with a later version");
  }
  MARQUEE_ASSIGN_OR_RETURN(const int64_t leaves, section_.Int("num_leaves"));
  if (leaves < 0 || leaves > Forest::kMaxCount) {
    return section_.Fault("num_leaves",
                          absl::StrCat(TreeName(), " has ", leaves, " leaves"));
  }
  const size_t leaf_count = leaves <= 1 ? 1 : static_cast<size_t>(leaves);
  MARQUEE_ASSIGN_OR_RETURN(tree_.leaf_values,
                           section_.Doubles("leaf_value", leaf_count));
  if (leaf_count > 1) MARQUEE_RETURN_IF_ERROR(UseSplits());
  MARQUEE_RETURN_IF_ERROR(UseLinearTerms());
  return std::move(tree_);
}

}  // namespace

std::span<const absl::string_view> LightGbmTreeKeys() { return kTreeKeys; }

absl::StatusOr<Tree> ReadLightGbmTree(const TextSection& section,
                                      size_t index) {
  return TreeReader(section, index).Run();
}

}  // namespace marquee
