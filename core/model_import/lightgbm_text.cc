#include "core/model_import/lightgbm_text.h"

#include <array>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/forest/objective.h"
#include "core/model_import/category_values.h"
#include "core/model_import/lightgbm_categories.h"
#include "core/model_import/lightgbm_tree.h"
#include "core/model_import/text_section.h"

namespace marquee {
namespace {

constexpr std::array<absl::string_view, 9> kHeaderKeys = {
    "version",    "num_class",     "num_tree_per_iteration",
    "objective",  "feature_names", "max_feature_idx",
    "tree_sizes", "feature_infos", "average_output"};

// Holds the state while one file is read.
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
  absl::Status ExpectNoOtherModel() const;
  absl::Status UseCategories();
  absl::Status Fault(absl::string_view what) const;

  ModelLines lines_;
  ForestParts parts_;
  absl::string_view feature_infos_;
  size_t declared_trees_ = 0;        // from tree_sizes; 0: not declared
  bool knows_linear_trees_ = false;  // every writer since 3.2 does
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
  feature_infos_ = header.Text("feature_infos");
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

// Checks the lines after the trees. Otherwise a file of several models would be
// read as its first.
absl::Status Importer::ExpectNoOtherModel() const {
  ModelLines rest = lines_;
  while (rest.Next()) {
    const absl::string_view line = WithoutByteOrderMark(rest.line());
    if (line != "tree" && !absl::StartsWith(line, "{\"")) continue;
    return absl::DataLossError(
        absl::StrCat(rest.name(), ":", rest.number(),
                     ": another model begins; a file has one"));
  }
  return absl::OkStatus();
}

absl::Status Importer::UseCategories() {
  MARQUEE_ASSIGN_OR_RETURN(
      const auto by_feature,
      ReadLightGbmCategories(feature_infos_, parts_.trees, &lines_));
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
  MARQUEE_RETURN_IF_ERROR(ExpectNoOtherModel());
  MARQUEE_RETURN_IF_ERROR(UseCategories());
  // LightGBM 3.3 introduced log1p. A file of 3.2 can not be told from one of
  // 3.3 and is read as 3.3 reads it.
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
