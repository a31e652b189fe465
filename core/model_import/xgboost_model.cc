#include "core/model_import/xgboost_model.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/base/status_macros.h"
#include "core/forest/objective.h"
#include "core/model_import/json_reader.h"
#include "core/model_import/ubjson_reader.h"
#include "core/model_import/xgboost_document.h"

namespace marquee {
namespace {

// Turns the content of one file into the parts of a forest.
class Importer {
 public:
  Importer(XgboostDocument document, absl::string_view name)
      : document_(std::move(document)), name_(name) {}

  absl::StatusOr<std::unique_ptr<const Forest>> Run();

 private:
  absl::Status UseOutputs();
  absl::Status UseIterations();
  absl::Status UseTreeInfo();
  absl::Status UseWeights();
  absl::Status UseObjective();
  absl::StatusOr<std::vector<float>> ParseBaseScore() const;
  // Whether the file is older than `version`. A file without a version is read
  // as the newest library does.
  bool IsBefore(std::initializer_list<int64_t> version) const;
  CategoryRule RuleOfCategories() const;
  absl::Status Fault(absl::string_view what) const {
    return absl::DataLossError(absl::StrCat(name_, ": ", what));
  }

  XgboostDocument document_;
  const absl::string_view name_;
  ForestParts parts_;
};

absl::Status Importer::UseOutputs() {
  const int64_t outputs =
      std::max({int64_t{1}, document_.num_class, document_.num_target});
  if (document_.num_class > 1 && document_.num_target > 1) {
    return absl::UnimplementedError(absl::StrCat(
        name_, ": several classes of several targets are not supported"));
  }
  // Check `outputs` before anything is sized by it.
  size_t values = 1;
  for (const Tree& tree : parts_.trees) values += tree.leaf_size;
  if (static_cast<uint64_t>(outputs) > values) {
    return Fault(absl::StrCat("has ", parts_.trees.size(), " trees for ",
                              outputs, " outputs"));
  }
  parts_.num_outputs = static_cast<size_t>(outputs);
  if (document_.num_feature < 1 ||
      document_.num_feature > int64_t{Forest::kMaxCount}) {
    return Fault(absl::StrCat("num_feature is ", document_.num_feature));
  }
  parts_.num_features = static_cast<size_t>(document_.num_feature);
  return absl::OkStatus();
}

absl::Status Importer::UseTreeInfo() {
  const size_t trees = parts_.trees.size();
  if (document_.num_trees < 0 ||
      static_cast<uint64_t>(document_.num_trees) != trees ||
      document_.tree_info.size() != trees) {
    return Fault(absl::StrCat("has ", trees, " trees, num_trees is ",
                              document_.num_trees, ", tree_info has ",
                              document_.tree_info.size(), " elements"));
  }
  for (size_t t = 0; t < trees; ++t) {
    if (document_.tree_info[t] < 0 ||
        static_cast<uint64_t>(document_.tree_info[t]) >= parts_.num_outputs) {
      return Fault(absl::StrCat("tree_info of tree ", t, " is ",
                                document_.tree_info[t], " of ",
                                parts_.num_outputs, " outputs"));
    }
    Tree& tree = parts_.trees[t];
    tree.output = static_cast<uint32_t>(document_.tree_info[t]);
    if (tree.leaf_size != 1 && tree.leaf_size != parts_.num_outputs) {
      return Fault(absl::StrCat("tree ", t, " has leaves of ", tree.leaf_size,
                                " values for ", parts_.num_outputs,
                                " outputs"));
    }
  }
  return absl::OkStatus();
}

absl::Status Importer::UseIterations() {
  const size_t trees = parts_.trees.size();
  if (!document_.iteration_indptr.empty()) {
    if (document_.iteration_indptr[0] != 0) {
      return Fault("iteration_indptr does not begin with 0");
    }
    for (size_t i = 1; i < document_.iteration_indptr.size(); ++i) {
      if (document_.iteration_indptr[i] < 0)
        return Fault("iteration_indptr is negative");
      parts_.iteration_ends.push_back(
          static_cast<size_t>(document_.iteration_indptr[i]));
    }
    return absl::OkStatus();
  }
  // A tree whose leaves have several values serves all outputs.
  const bool is_shared = trees > 0 && parts_.trees[0].leaf_size > 1;
  const size_t groups = is_shared ? 1 : parts_.num_outputs;
  if (document_.num_parallel_tree < 1 ||
      static_cast<uint64_t>(document_.num_parallel_tree) > trees ||
      trees % (groups * document_.num_parallel_tree) != 0) {
    return Fault(absl::StrCat(trees, " trees are not whole iterations of ",
                              document_.num_parallel_tree, " for each of ",
                              groups, " outputs"));
  }
  const size_t step = groups * document_.num_parallel_tree;
  for (size_t end = step; end <= trees; end += step) {
    parts_.iteration_ends.push_back(end);
  }
  return absl::OkStatus();
}

// Multiplies each leaf by its tree's weight in float32, as the trainer does for
// each row. Until 3.2, where dart is a booster of its own, the trainer first
// adds the leaf to 0, which turns -0 into 0.
absl::Status Importer::UseWeights() {
  if (document_.weight_drop.size() > parts_.trees.size()) {
    return Fault(absl::StrCat("weight_drop has ", document_.weight_drop.size(),
                              " elements for ", parts_.trees.size(), " trees"));
  }
  const bool adds_to_zero = document_.booster == "dart";
  for (size_t t = 0; t < document_.weight_drop.size(); ++t) {
    for (double& leaf : parts_.trees[t].leaf_values) {
      if (adds_to_zero) leaf += 0.0;
      leaf = static_cast<float>(leaf) * document_.weight_drop[t];
    }
  }
  return absl::OkStatus();
}

// base_score is "5E-1" until 3.0, "[5E-1]" or "[1E-1,2E-1]" since.
absl::StatusOr<std::vector<float>> Importer::ParseBaseScore() const {
  absl::string_view list = document_.base_score;
  absl::ConsumePrefix(&list, "[");
  absl::ConsumeSuffix(&list, "]");
  std::vector<float> scores;
  for (const absl::string_view word : absl::StrSplit(list, ',')) {
    float score = 0;
    const char* const end = word.data() + word.size();
    const auto result = std::from_chars(word.data(), end, score);
    if (result.ec != std::errc() || result.ptr != end) {
      return Fault(absl::StrCat("base_score '",
                                document_.base_score.substr(0, 40),
                                "' is not a list of float32"));
    }
    scores.push_back(score);
  }
  if (scores.size() == 1) scores.resize(parts_.num_outputs, scores[0]);
  if (scores.size() != parts_.num_outputs) {
    return Fault(absl::StrCat("base_score has ", scores.size(),
                              " elements for ", parts_.num_outputs,
                              " outputs"));
  }
  return scores;
}

absl::Status Importer::UseObjective() {
  const auto objective = FindXgboostObjective(
      parts_.objective, parts_.num_outputs, document_.version);
  if (!objective.ok()) {
    return absl::Status(
        objective.status().code(),
        absl::StrCat(name_, ": ", objective.status().message()));
  }
  parts_.transform = objective->transform;
  const bool clamps = !IsBefore({3, 2});
  MARQUEE_ASSIGN_OR_RETURN(const std::vector<float> scores, ParseBaseScore());
  auto margins = BaseMargins(objective->link, scores, clamps);
  if (!margins.ok()) return Fault(margins.status().message());
  parts_.base_margins = *std::move(margins);
  return absl::OkStatus();
}

bool Importer::IsBefore(std::initializer_list<int64_t> version) const {
  return !document_.version.empty() &&
         std::ranges::lexicographical_compare(document_.version, version);
}

CategoryRule Importer::RuleOfCategories() const {
  if (IsBefore({1, 6})) return CategoryRule::kXgboost15;
  if (IsBefore({1, 7, 3})) return CategoryRule::kXgboost16;
  return CategoryRule::kXgboost;
}

absl::StatusOr<std::unique_ptr<const Forest>> Importer::Run() {
  parts_.arithmetic = Arithmetic::kXgboost;
  parts_.category_rule = RuleOfCategories();
  if (!document_.has_learner) {
    return Fault("is not a model of XGBoost's save_model: it has no 'learner'");
  }
  if (document_.booster != "gbtree" && document_.booster != "dart") {
    return absl::UnimplementedError(
        absl::StrCat(name_, ": the XGBoost booster '", document_.booster,
                     "' is not supported: gbtree and dart are"));
  }
  parts_.version = absl::StrJoin(document_.version, ".");
  if (!document_.version.empty() && document_.version[0] > 3) {
    return absl::UnimplementedError(
        absl::StrCat(name_, ": models of XGBoost ", parts_.version,
                     " are not supported: those of 1.5 to 3.x are"));
  }
  parts_.objective = std::move(document_.objective);
  parts_.feature_names = std::move(document_.feature_names);
  parts_.trees = std::move(document_.trees);
  parts_.vectors = std::move(document_.vectors);
  if (document_.best_iteration.has_value()) {
    parts_.best_iteration = static_cast<size_t>(*document_.best_iteration);
  }
  MARQUEE_RETURN_IF_ERROR(UseOutputs());
  MARQUEE_RETURN_IF_ERROR(UseTreeInfo());
  MARQUEE_RETURN_IF_ERROR(UseIterations());
  MARQUEE_RETURN_IF_ERROR(UseWeights());
  MARQUEE_RETURN_IF_ERROR(UseObjective());
  if (!document_.tells_categories) {
    parts_.untold_categories = FeaturesWithCategories(parts_.trees);
  }
  const absl::Status categories =
      UseCategoryValues(document_.category_values, &parts_);
  if (!categories.ok()) return Fault(categories.message());
  auto forest = Forest::Create(std::move(parts_));
  if (!forest.ok()) return Fault(forest.status().message());
  return forest;
}

absl::StatusOr<std::unique_ptr<const Forest>> Import(PullReader* reader,
                                                     absl::string_view name) {
  MARQUEE_ASSIGN_OR_RETURN(XgboostDocument document,
                           ReadXgboostDocument(reader));
  MARQUEE_RETURN_IF_ERROR(reader->ExpectEnd());
  return Importer(std::move(document), name).Run();
}

}  // namespace

absl::StatusOr<std::unique_ptr<const Forest>> ImportXgboostJson(
    absl::string_view bytes, absl::string_view name) {
  JsonReader reader(bytes, name);
  return Import(&reader, name);
}

absl::StatusOr<std::unique_ptr<const Forest>> ImportXgboostUbjson(
    absl::string_view bytes, absl::string_view name) {
  UbjsonReader reader(bytes, name);
  return Import(&reader, name);
}

}  // namespace marquee
