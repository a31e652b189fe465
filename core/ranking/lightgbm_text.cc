#include "core/ranking/lightgbm_text.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/status_macros.h"
#include "core/ranking/objective.h"
#include "core/ranking/text_section.h"

namespace marquee {
namespace {

constexpr std::array<absl::string_view, 8> kHeaderKeys = {
    "version",    "num_class",     "num_tree_per_iteration",
    "objective",  "feature_names", "max_feature_idx",
    "tree_sizes", "average_output"};
constexpr std::array<absl::string_view, 16> kTreeKeys = {
    "num_leaves",    "num_cat",        "split_feature", "threshold",
    "decision_type", "left_child",     "right_child",   "leaf_value",
    "is_linear",     "cat_boundaries", "cat_threshold", "leaf_const",
    "num_features",  "leaf_features",  "leaf_coeff",    "default_value"};

constexpr int32_t kCategoricalBit = 1;
constexpr int32_t kDefaultLeftBit = 2;
constexpr int kMissingShift = 2;
constexpr int32_t kMaxDecisionType = 2 << kMissingShift | kDefaultLeftBit;

// One file while it is read.
class Importer {
 public:
  Importer(absl::string_view bytes, absl::string_view name)
      : lines_(bytes, name) {}

  absl::StatusOr<std::unique_ptr<const Forest>> Run();

 private:
  absl::Status ReadHeader();
  absl::Status UseHeader(const TextSection& header);
  absl::Status UseObjective(const TextSection& header);
  absl::Status ReadTrees();
  absl::Status ReadTree();
  absl::Status UseTree(const TextSection& section);
  absl::Status UseSplits(const TextSection& section, Tree* tree);
  absl::StatusOr<std::vector<size_t>> ReadCategories(const TextSection& section,
                                                     Tree* tree) const;
  absl::Status UseCategories(const TextSection& section,
                             std::span<const size_t> begins, double number,
                             Split* split) const;
  absl::Status UseLinearTerms(const TextSection& section, Tree* tree);
  absl::Status CountIterations();
  absl::Status Fault(absl::string_view what) const;
  std::string TreeName() const {
    return absl::StrCat("tree ", parts_.trees.size());
  }

  ModelLines lines_;
  ForestParts parts_;
  size_t declared_trees_ = 0;        // by tree_sizes; 0: not declared
  bool knows_linear_trees_ = false;  // as every writer since 3.2
};

absl::Status Importer::Fault(absl::string_view what) const {
  return absl::DataLossError(
      absl::StrCat(lines_.name(), ":", lines_.number(), ": ", what));
}

// Ends on the line of the first tree.
absl::Status Importer::ReadHeader() {
  if (!lines_.Next() || lines_.line() != "tree") {
    return Fault("a LightGBM text model begins with the line 'tree'");
  }
  TextSection header(kHeaderKeys, lines_.name(), lines_.number());
  while (lines_.Next()) {
    if (absl::StartsWith(lines_.line(), "Tree=")) return UseHeader(header);
    MARQUEE_RETURN_IF_ERROR(header.Add(lines_));
  }
  return Fault("the file ends before the first tree");
}

absl::Status Importer::UseHeader(const TextSection& header) {
  parts_.version = std::string(header.Text("version"));
  if (header.Has("version") && parts_.version != "v2" &&
      parts_.version != "v3" && parts_.version != "v4") {
    return header.Unsupported(
        "version", absl::StrCat("version '", parts_.version,
                                "' of the LightGBM text format is not "
                                "supported; v2, v3 and v4 are"));
  }
  MARQUEE_ASSIGN_OR_RETURN(const int64_t classes, header.Int("num_class"));
  int64_t outputs = classes;
  if (header.Has("num_tree_per_iteration")) {
    MARQUEE_ASSIGN_OR_RETURN(outputs, header.Int("num_tree_per_iteration"));
  }
  if (outputs < 1 || outputs > Forest::kMaxCount || outputs != classes) {
    return header.Fault(
        "num_tree_per_iteration",
        absl::StrCat(outputs, " trees an iteration for ", classes, " classes"));
  }
  parts_.num_outputs = static_cast<size_t>(outputs);
  MARQUEE_ASSIGN_OR_RETURN(const int64_t last, header.Int("max_feature_idx"));
  const auto names =
      absl::StrSplit(header.Text("feature_names"), ' ', absl::SkipEmpty());
  parts_.num_features =
      static_cast<size_t>(std::distance(names.begin(), names.end()));
  if (last < 0 || static_cast<uint64_t>(last) + 1 != parts_.num_features) {
    return header.Fault(
        "feature_names",
        absl::StrCat(parts_.num_features,
                     " feature names, but max_feature_idx is ", last));
  }
  parts_.feature_names.reserve(parts_.num_features);
  for (const absl::string_view name : names) {
    parts_.feature_names.emplace_back(name);
  }
  for (const absl::string_view size :
       absl::StrSplit(header.Text("tree_sizes"), ' ', absl::SkipEmpty())) {
    declared_trees_ += !size.empty();
  }
  return UseObjective(header);
}

absl::Status Importer::UseObjective(const TextSection& header) {
  parts_.objective = std::string(header.Text("objective"));
  const auto objective =
      ParseLightGbmObjective(parts_.objective, parts_.num_outputs);
  if (!objective.ok()) {
    const absl::string_view what = objective.status().message();
    return absl::IsUnimplemented(objective.status())
               ? header.Unsupported("objective", what)
               : header.Fault("objective", what);
  }
  parts_.transform = objective->transform;
  parts_.sigmoid_scale = objective->sigmoid_scale;
  parts_.average_output = header.Has("average_output");
  const bool is_old = parts_.version.empty() || parts_.version == "v2";
  if (parts_.average_output && is_old &&
      parts_.transform != Transform::kIdentity) {
    return header.Unsupported(
        "average_output",
        "a random forest (average_output) of version 2 with the objective '" +
            parts_.objective +
            "' is not supported: before LightGBM 2.2.3 the leaves were "
            "predictions, later raw scores, and the file does not tell which; "
            "train it again with a later version");
  }
  return absl::OkStatus();
}

// Starts on the line of a tree.
absl::Status Importer::ReadTrees() {
  while (true) {
    if (!absl::StartsWith(lines_.line(), "Tree=")) break;
    MARQUEE_RETURN_IF_ERROR(ReadTree());
    do {
      if (!lines_.Next()) return Fault("the file is cut off after a tree");
    } while (lines_.line().empty());
  }
  if (!absl::StartsWith(lines_.line(), "end of trees") &&
      !absl::StartsWith(lines_.line(), "feature importances") &&
      !absl::StartsWith(lines_.line(), "feature_importances")) {
    return Fault("neither a tree nor the end of the trees");
  }
  if (declared_trees_ != 0 && declared_trees_ != parts_.trees.size()) {
    return Fault(absl::StrCat(parts_.trees.size(),
                              " trees, but the header's tree_sizes has ",
                              declared_trees_));
  }
  return absl::OkStatus();
}

// Ends on the empty line behind the tree.
absl::Status Importer::ReadTree() {
  if (lines_.line() != absl::StrCat("Tree=", parts_.trees.size())) {
    return Fault(absl::StrCat("expected 'Tree=", parts_.trees.size(), "'"));
  }
  TextSection section(kTreeKeys, lines_.name(), lines_.number());
  while (lines_.Next()) {
    if (lines_.line().empty()) return UseTree(section);
    MARQUEE_RETURN_IF_ERROR(section.Add(lines_));
  }
  return Fault("the file is cut off within a tree");
}

absl::Status Importer::UseTree(const TextSection& section) {
  if (section.Has("default_value")) {
    return section.Unsupported(
        "default_value",
        "a model of LightGBM 2.0.4 or older, which gives zeros a default_value "
        "in each split, is not supported; train it again with a later version");
  }
  MARQUEE_ASSIGN_OR_RETURN(const int64_t leaves, section.Int("num_leaves"));
  if (leaves < 0 || leaves > Forest::kMaxCount) {
    return section.Fault("num_leaves",
                         absl::StrCat(TreeName(), " has ", leaves, " leaves"));
  }
  Tree tree;
  tree.output = static_cast<uint32_t>(parts_.trees.size() % parts_.num_outputs);
  const size_t leaf_count = leaves <= 1 ? 1 : static_cast<size_t>(leaves);
  MARQUEE_ASSIGN_OR_RETURN(tree.leaf_values,
                           section.Doubles("leaf_value", leaf_count));
  if (leaf_count > 1) MARQUEE_RETURN_IF_ERROR(UseSplits(section, &tree));
  MARQUEE_RETURN_IF_ERROR(UseLinearTerms(section, &tree));
  parts_.trees.push_back(std::move(tree));
  return absl::OkStatus();
}

absl::Status Importer::UseSplits(const TextSection& section, Tree* tree) {
  const size_t count = tree->leaf_values.size() - 1;
  MARQUEE_ASSIGN_OR_RETURN(const auto features,
                           section.Ints("split_feature", count));
  MARQUEE_ASSIGN_OR_RETURN(const auto thresholds,
                           section.Doubles("threshold", count));
  MARQUEE_ASSIGN_OR_RETURN(const auto left, section.Ints("left_child", count));
  MARQUEE_ASSIGN_OR_RETURN(const auto right,
                           section.Ints("right_child", count));
  MARQUEE_ASSIGN_OR_RETURN(const std::vector<size_t> category_begins,
                           ReadCategories(section, tree));
  std::vector<int32_t> types(count, 0);
  if (section.Has("decision_type")) {
    MARQUEE_ASSIGN_OR_RETURN(types, section.Ints("decision_type", count));
  }
  tree->splits.resize(count);
  for (size_t i = 0; i < count; ++i) {
    if (types[i] < 0 || (types[i] & ~kCategoricalBit) > kMaxDecisionType) {
      return section.Fault("decision_type",
                           absl::StrCat(TreeName(), ", split ", i,
                                        ": unknown decision type ", types[i]));
    }
    tree->splits[i] = {
        .threshold = thresholds[i],
        .feature = static_cast<uint32_t>(features[i]),
        .left = left[i],
        .right = right[i],
        .missing = static_cast<MissingRule>(types[i] >> kMissingShift),
        .default_left = (types[i] & kDefaultLeftBit) != 0};
    if (types[i] & kCategoricalBit) {
      MARQUEE_RETURN_IF_ERROR(UseCategories(section, category_begins,
                                            thresholds[i], &tree->splits[i]));
    }
  }
  return absl::OkStatus();
}

// Of each set of categories and of their end, where it begins in
// tree->categories. Bit c % 32 of word c / 32 of a set is category c.
absl::StatusOr<std::vector<size_t>> Importer::ReadCategories(
    const TextSection& section, Tree* tree) const {
  MARQUEE_ASSIGN_OR_RETURN(const int64_t count, section.Int("num_cat"));
  if (count < 0 || count > Forest::kMaxCount) {
    return section.Fault("num_cat", absl::StrCat(TreeName(), " has ", count,
                                                 " categorical splits"));
  }
  std::vector<size_t> begins = {0};
  if (count == 0) return begins;
  MARQUEE_ASSIGN_OR_RETURN(
      const auto bounds,
      section.Ints("cat_boundaries", static_cast<size_t>(count) + 1));
  if (bounds[0] != 0 || !std::is_sorted(bounds.begin(), bounds.end())) {
    return section.Fault("cat_boundaries",
                         absl::StrCat(TreeName(), ": do not ascend from 0"));
  }
  MARQUEE_ASSIGN_OR_RETURN(
      const auto words,
      section.Words("cat_threshold", static_cast<size_t>(bounds.back())));
  // A word has up to 32 of them, so growing step by step would cost the most.
  size_t bits_set = 0;
  for (const uint32_t word : words) {
    bits_set += static_cast<size_t>(std::popcount(word));
  }
  tree->categories.reserve(bits_set);
  for (size_t set = 0; set + 1 < bounds.size(); ++set) {
    for (int32_t at = bounds[set]; at < bounds[set + 1]; ++at) {
      const auto first = static_cast<uint32_t>(at - bounds[set]) * 32;
      for (uint32_t bits = words[static_cast<size_t>(at)]; bits != 0;
           bits &= bits - 1) {
        tree->categories.push_back(
            first + static_cast<uint32_t>(std::countr_zero(bits)));
      }
    }
    begins.push_back(tree->categories.size());
  }
  return begins;
}

// `number`: of the set, in the place of a threshold.
absl::Status Importer::UseCategories(const TextSection& section,
                                     std::span<const size_t> begins,
                                     double number, Split* split) const {
  // Not a negation of "outside": NaN is not.
  if (!(number >= 0 && number + 1 < static_cast<double>(begins.size())) ||
      number != std::trunc(number)) {
    return section.Fault("threshold", absl::StrCat(TreeName(), ": ", number,
                                                   " is no set of categories"));
  }
  const auto set = static_cast<size_t>(number);
  split->is_categorical = true;
  split->threshold = 0;
  split->first_category = static_cast<uint32_t>(begins[set]);
  split->category_count = static_cast<uint32_t>(begins[set + 1] - begins[set]);
  return absl::OkStatus();
}

absl::Status Importer::UseLinearTerms(const TextSection& section, Tree* tree) {
  int64_t is_linear = 0;
  if (section.Has("is_linear")) {
    knows_linear_trees_ = true;
    MARQUEE_ASSIGN_OR_RETURN(is_linear, section.Int("is_linear"));
  }
  if (is_linear == 0) return absl::OkStatus();
  MARQUEE_ASSIGN_OR_RETURN(tree->leaf_constants,
                           section.Doubles("leaf_const", tree->leaves()));
  MARQUEE_ASSIGN_OR_RETURN(const auto counts,
                           section.Ints("num_features", tree->leaves()));
  int64_t terms = 0;
  tree->first_term.push_back(0);
  for (const int32_t count : counts) {
    terms += count;
    if (count < 0 || terms > Forest::kMaxCount) {
      return section.Fault("num_features", absl::StrCat(TreeName(), ": ", count,
                                                        " features of a leaf"));
    }
    tree->first_term.push_back(static_cast<uint32_t>(terms));
  }
  const auto count = static_cast<size_t>(terms);
  MARQUEE_ASSIGN_OR_RETURN(const auto features,
                           section.Ints("leaf_features", count));
  MARQUEE_ASSIGN_OR_RETURN(const auto coefficients,
                           section.Doubles("leaf_coeff", count));
  for (size_t i = 0; i < count; ++i) {
    tree->terms.push_back({.coefficient = coefficients[i],
                           .feature = static_cast<uint32_t>(features[i])});
  }
  return absl::OkStatus();
}

absl::Status Importer::CountIterations() {
  const size_t trees = parts_.trees.size();
  if (trees % parts_.num_outputs != 0) {
    return absl::DataLossError(absl::StrCat(
        lines_.name(), ": ", trees, " trees are not whole iterations of ",
        parts_.num_outputs, " trees"));
  }
  for (size_t end = parts_.num_outputs; end <= trees;
       end += parts_.num_outputs) {
    parts_.iteration_ends.push_back(end);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<const Forest>> Importer::Run() {
  parts_.arithmetic = Arithmetic::kLightGbm;
  MARQUEE_RETURN_IF_ERROR(ReadHeader());
  MARQUEE_RETURN_IF_ERROR(ReadTrees());
  MARQUEE_RETURN_IF_ERROR(CountIterations());
  // LightGBM 3.3 has log1p. What 3.2 wrote reads as what 3.3 did.
  if (parts_.transform == Transform::kLog1pExp && parts_.version != "v4" &&
      !knows_linear_trees_) {
    parts_.transform = Transform::kLogOnePlusExp;
  }
  auto forest = Forest::Create(std::move(parts_));
  if (!forest.ok()) {
    return absl::DataLossError(
        absl::StrCat(lines_.name(), ": ", forest.status().message()));
  }
  return forest;
}

}  // namespace

bool IsLightGbmText(absl::string_view bytes) {
  return absl::StartsWith(bytes, "tree\n") ||
         absl::StartsWith(bytes, "tree\r\n");
}

absl::StatusOr<std::unique_ptr<const Forest>> ImportLightGbmText(
    absl::string_view bytes, absl::string_view name) {
  return Importer(bytes, name).Run();
}

}  // namespace marquee
