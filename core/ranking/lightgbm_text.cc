#include "core/ranking/lightgbm_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/base/status_macros.h"
#include "core/ranking/category_values.h"
#include "core/ranking/json_reader.h"
#include "core/ranking/lightgbm_tree.h"
#include "core/ranking/objective.h"
#include "core/ranking/text_section.h"

namespace marquee {
namespace {

constexpr std::array<absl::string_view, 9> kHeaderKeys = {
    "version",    "num_class",     "num_tree_per_iteration",
    "objective",  "feature_names", "max_feature_idx",
    "tree_sizes", "feature_infos", "average_output"};

// By `feature_infos`, a word a feature: "[0:7]" of one with numbers, "0:3:5" of
// one with categories, "none" of one that was the same in all rows.
std::vector<uint32_t> CategoricalFeatures(absl::string_view infos) {
  std::vector<uint32_t> features;
  uint32_t feature = 0;
  for (const absl::string_view info :
       absl::StrSplit(infos, ' ', absl::SkipEmpty())) {
    if (info != "none" && info.front() != '[') features.push_back(feature);
    ++feature;
  }
  return features;
}

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
  absl::Status CountIterations();
  absl::Status ReadCategories();
  absl::Status ReadPandasLine(absl::string_view lists,
                              std::vector<CategoryValues>* values);
  absl::Status Fault(absl::string_view what) const;

  ModelLines lines_;
  ForestParts parts_;
  std::vector<uint32_t> categorical_features_;
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
  categorical_features_ = CategoricalFeatures(header.Text("feature_infos"));
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
  TextSection section(LightGbmTreeKeys(), lines_.name(), lines_.number());
  while (lines_.Next()) {
    if (!lines_.line().empty()) {
      MARQUEE_RETURN_IF_ERROR(section.Add(lines_));
      continue;
    }
    const size_t index = parts_.trees.size();
    MARQUEE_ASSIGN_OR_RETURN(Tree tree, ReadLightGbmTree(section, index));
    tree.output = static_cast<uint32_t>(index % parts_.num_outputs);
    knows_linear_trees_ |= section.Has("is_linear");
    parts_.trees.push_back(std::move(tree));
    return absl::OkStatus();
  }
  return Fault("the file is cut off within a tree");
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

absl::Status Importer::ReadPandasLine(absl::string_view lists,
                                      std::vector<CategoryValues>* values) {
  const std::string place =
      absl::StrCat(lines_.name(), ":", lines_.number(), ": pandas_categorical");
  JsonReader reader(lists, place);
  MARQUEE_ASSIGN_OR_RETURN(const PullReader::Kind kind, reader.Peek());
  if (kind == PullReader::Kind::kNull) return absl::OkStatus();
  MARQUEE_RETURN_IF_ERROR(reader.ForEachElement([&]() -> absl::Status {
    MARQUEE_ASSIGN_OR_RETURN(CategoryValues list, ReadCategoryValues(&reader));
    values->push_back(std::move(list));
    return absl::OkStatus();
  }));
  return reader.ExpectEnd();
}

// Behind the trees: which features are categorical, among the parameters since
// 3.0, and the values of those that were columns of categories of a table of
// pandas, in their order. When there are more features than lists of values,
// which is whose can not be told.
absl::Status Importer::ReadCategories() {
  std::vector<CategoryValues> values;
  while (lines_.Next()) {
    absl::string_view line = lines_.line();
    if (absl::ConsumePrefix(&line, "pandas_categorical:")) {
      MARQUEE_RETURN_IF_ERROR(ReadPandasLine(line, &values));
    } else if (absl::ConsumePrefix(&line, "[categorical_feature: ")) {
      absl::ConsumeSuffix(&line, "]");
      std::vector<uint32_t> features;
      for (const absl::string_view word :
           absl::StrSplit(line, ',', absl::SkipEmpty())) {
        uint32_t feature = 0;
        if (absl::SimpleAtoi(word, &feature)) features.push_back(feature);
      }
      if (!features.empty()) categorical_features_ = std::move(features);
    }
  }
  if (std::all_of(values.begin(), values.end(), AreTheNumbers)) {
    return absl::OkStatus();
  }
  std::map<uint32_t, CategoryValues> by_feature;
  if (categorical_features_.size() == values.size()) {
    std::sort(categorical_features_.begin(), categorical_features_.end());
    for (size_t i = 0; i < values.size(); ++i) {
      by_feature[categorical_features_[i]] = std::move(values[i]);
    }
  } else {
    for (const Tree& tree : parts_.trees) {
      for (const Split& split : tree.splits) {
        if (split.is_categorical) by_feature[split.feature] = std::nullopt;
      }
    }
  }
  const absl::Status used = UseCategoryValues(by_feature, &parts_);
  if (used.ok()) return used;
  return absl::DataLossError(absl::StrCat(lines_.name(), ": ", used.message()));
}

absl::StatusOr<std::unique_ptr<const Forest>> Importer::Run() {
  parts_.arithmetic = Arithmetic::kLightGbm;
  parts_.category_rule = CategoryRule::kLightGbm;
  MARQUEE_RETURN_IF_ERROR(ReadHeader());
  MARQUEE_RETURN_IF_ERROR(ReadTrees());
  MARQUEE_RETURN_IF_ERROR(CountIterations());
  MARQUEE_RETURN_IF_ERROR(ReadCategories());
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
