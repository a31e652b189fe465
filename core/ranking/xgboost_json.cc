#include "core/ranking/xgboost_json.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/base/status_macros.h"
#include "core/ranking/json_reader.h"
#include "core/ranking/objective.h"
#include "core/ranking/xgboost_tree.h"

namespace marquee {
namespace {

// One file while it is read. Keys come in any order, so that what depends on
// several is put together at the end.
class Importer {
 public:
  Importer(absl::string_view bytes, absl::string_view name)
      : json_(bytes, name), name_(name) {}

  absl::StatusOr<std::unique_ptr<const Forest>> Run();

 private:
  using Field = absl::Status (Importer::*)(const std::string& key);

  // Reads an object, each value with `read`.
  absl::Status ReadObject(Field read);
  absl::Status ReadRootField(const std::string& key);
  absl::Status ReadLearnerField(const std::string& key);
  absl::Status ReadAttribute(const std::string& key);
  absl::Status ReadObjectiveField(const std::string& key);
  absl::Status ReadLearnerParam(const std::string& key);
  absl::Status ReadBoosterField(const std::string& key);
  absl::Status ReadInnerBoosterField(const std::string& key);
  absl::Status ReadModelField(const std::string& key);
  absl::Status ReadModelParam(const std::string& key);
  absl::Status ReadNames();
  absl::Status ReadTrees();
  absl::Status ReadWeights();
  absl::StatusOr<std::vector<int64_t>> ReadInts();

  absl::Status UseOutputs();
  absl::Status UseIterations();
  absl::Status UseTreeInfo();
  absl::Status UseWeights();
  absl::Status UseObjective();
  absl::StatusOr<std::vector<float>> ParseBaseScore() const;
  absl::Status Fault(absl::string_view what) const {
    return absl::DataLossError(absl::StrCat(name_, ": ", what));
  }

  JsonReader json_;
  const absl::string_view name_;
  ForestParts parts_;
  std::vector<int64_t> version_;
  bool has_learner_ = false;
  std::string booster_;
  std::string base_score_;
  int64_t num_feature_ = 0;
  int64_t num_class_ = 0;
  int64_t num_target_ = 1;
  int64_t num_trees_ = -1;
  int64_t num_parallel_tree_ = 1;
  std::vector<int64_t> tree_info_;
  std::vector<int64_t> iteration_indptr_;
  std::vector<float> weight_drop_;
};

absl::Status Importer::ReadObject(Field read) {
  MARQUEE_RETURN_IF_ERROR(json_.EnterObject());
  std::string key;
  while (true) {
    MARQUEE_ASSIGN_OR_RETURN(const bool more, json_.NextKey(&key));
    if (!more) return absl::OkStatus();
    MARQUEE_RETURN_IF_ERROR((this->*read)(key));
  }
}

absl::Status Importer::ReadRootField(const std::string& key) {
  if (key == "learner") {
    has_learner_ = true;
    return ReadObject(&Importer::ReadLearnerField);
  }
  if (key == "version") {
    MARQUEE_ASSIGN_OR_RETURN(version_, ReadInts());
    return absl::OkStatus();
  }
  return json_.Skip();
}

absl::Status Importer::ReadLearnerField(const std::string& key) {
  if (key == "attributes") return ReadObject(&Importer::ReadAttribute);
  if (key == "feature_names") return ReadNames();
  if (key == "gradient_booster") {
    return ReadObject(&Importer::ReadBoosterField);
  }
  if (key == "learner_model_param") {
    return ReadObject(&Importer::ReadLearnerParam);
  }
  if (key == "objective") return ReadObject(&Importer::ReadObjectiveField);
  return json_.Skip();
}

absl::Status Importer::ReadAttribute(const std::string& key) {
  if (key != "best_iteration") return json_.Skip();
  MARQUEE_ASSIGN_OR_RETURN(const int64_t best, ReadXgboostParam(&json_));
  if (best < 0) return json_.Fault("best_iteration is negative");
  parts_.best_iteration = static_cast<size_t>(best);
  return absl::OkStatus();
}

absl::Status Importer::ReadObjectiveField(const std::string& key) {
  if (key != "name") return json_.Skip();
  MARQUEE_ASSIGN_OR_RETURN(parts_.objective, json_.String());
  return absl::OkStatus();
}

absl::Status Importer::ReadLearnerParam(const std::string& key) {
  if (key == "base_score") {
    MARQUEE_ASSIGN_OR_RETURN(base_score_, json_.String());
  } else if (key == "num_class") {
    MARQUEE_ASSIGN_OR_RETURN(num_class_, ReadXgboostParam(&json_));
  } else if (key == "num_feature") {
    MARQUEE_ASSIGN_OR_RETURN(num_feature_, ReadXgboostParam(&json_));
  } else if (key == "num_target") {
    MARQUEE_ASSIGN_OR_RETURN(num_target_, ReadXgboostParam(&json_));
  } else {
    return json_.Skip();
  }
  return absl::OkStatus();
}

absl::Status Importer::ReadBoosterField(const std::string& key) {
  if (key == "name") {
    MARQUEE_ASSIGN_OR_RETURN(booster_, json_.String());
    return absl::OkStatus();
  }
  // dart until 3.2 wraps a whole gbtree booster.
  if (key == "gbtree") return ReadObject(&Importer::ReadInnerBoosterField);
  if (key == "weight_drop") return ReadWeights();
  return ReadInnerBoosterField(key);
}

absl::Status Importer::ReadInnerBoosterField(const std::string& key) {
  if (key == "model") return ReadObject(&Importer::ReadModelField);
  return json_.Skip();
}

absl::Status Importer::ReadModelField(const std::string& key) {
  if (key == "gbtree_model_param") {
    return ReadObject(&Importer::ReadModelParam);
  }
  if (key == "trees") return ReadTrees();
  if (key == "weight_drop") return ReadWeights();
  if (key == "tree_info") {
    MARQUEE_ASSIGN_OR_RETURN(tree_info_, ReadInts());
    return absl::OkStatus();
  }
  if (key == "iteration_indptr") {
    MARQUEE_ASSIGN_OR_RETURN(iteration_indptr_, ReadInts());
    return absl::OkStatus();
  }
  return json_.Skip();
}

absl::Status Importer::ReadModelParam(const std::string& key) {
  if (key == "num_trees") {
    MARQUEE_ASSIGN_OR_RETURN(num_trees_, ReadXgboostParam(&json_));
  } else if (key == "num_parallel_tree") {
    MARQUEE_ASSIGN_OR_RETURN(num_parallel_tree_, ReadXgboostParam(&json_));
  } else {
    return json_.Skip();
  }
  return absl::OkStatus();
}

absl::Status Importer::ReadNames() {
  MARQUEE_RETURN_IF_ERROR(json_.EnterArray());
  while (true) {
    MARQUEE_ASSIGN_OR_RETURN(const bool more, json_.NextElement());
    if (!more) return absl::OkStatus();
    MARQUEE_ASSIGN_OR_RETURN(std::string name, json_.String());
    parts_.feature_names.push_back(std::move(name));
  }
}

absl::Status Importer::ReadTrees() {
  MARQUEE_RETURN_IF_ERROR(json_.EnterArray());
  while (true) {
    MARQUEE_ASSIGN_OR_RETURN(const bool more, json_.NextElement());
    if (!more) return absl::OkStatus();
    MARQUEE_ASSIGN_OR_RETURN(Tree tree,
                             ReadXgboostTree(parts_.trees.size(), &json_));
    parts_.trees.push_back(std::move(tree));
  }
}

absl::Status Importer::ReadWeights() {
  MARQUEE_RETURN_IF_ERROR(json_.EnterArray());
  while (true) {
    MARQUEE_ASSIGN_OR_RETURN(const bool more, json_.NextElement());
    if (!more) return absl::OkStatus();
    MARQUEE_ASSIGN_OR_RETURN(const float weight, json_.Float());
    weight_drop_.push_back(weight);
  }
}

absl::StatusOr<std::vector<int64_t>> Importer::ReadInts() {
  MARQUEE_RETURN_IF_ERROR(json_.EnterArray());
  std::vector<int64_t> values;
  while (true) {
    MARQUEE_ASSIGN_OR_RETURN(const bool more, json_.NextElement());
    if (!more) return values;
    MARQUEE_ASSIGN_OR_RETURN(const int64_t value, json_.Int());
    values.push_back(value);
  }
}

absl::Status Importer::UseOutputs() {
  const int64_t outputs = std::max({int64_t{1}, num_class_, num_target_});
  if (num_class_ > 1 && num_target_ > 1) {
    return absl::UnimplementedError(absl::StrCat(
        name_, ": several classes of several targets are not supported"));
  }
  // Before anything is sized by it.
  if (static_cast<uint64_t>(outputs) >
      std::max<size_t>(parts_.trees.size(), 1)) {
    return Fault(absl::StrCat("has ", parts_.trees.size(), " trees for ",
                              outputs, " outputs"));
  }
  parts_.num_outputs = static_cast<size_t>(outputs);
  if (num_feature_ < 1 || num_feature_ > int64_t{Forest::kMaxCount}) {
    return Fault(absl::StrCat("num_feature is ", num_feature_));
  }
  parts_.num_features = static_cast<size_t>(num_feature_);
  return absl::OkStatus();
}

absl::Status Importer::UseTreeInfo() {
  const size_t trees = parts_.trees.size();
  if (num_trees_ < 0 || static_cast<uint64_t>(num_trees_) != trees ||
      tree_info_.size() != trees) {
    return Fault(absl::StrCat("has ", trees, " trees, num_trees is ",
                              num_trees_, ", tree_info has ", tree_info_.size(),
                              " elements"));
  }
  for (size_t t = 0; t < trees; ++t) {
    if (tree_info_[t] < 0 ||
        static_cast<uint64_t>(tree_info_[t]) >= parts_.num_outputs) {
      return Fault(absl::StrCat("tree_info of tree ", t, " is ", tree_info_[t],
                                " of ", parts_.num_outputs, " outputs"));
    }
    parts_.trees[t].output = static_cast<uint32_t>(tree_info_[t]);
  }
  return absl::OkStatus();
}

absl::Status Importer::UseIterations() {
  const size_t trees = parts_.trees.size();
  if (!iteration_indptr_.empty()) {
    if (iteration_indptr_[0] != 0) {
      return Fault("iteration_indptr does not begin with 0");
    }
    for (size_t i = 1; i < iteration_indptr_.size(); ++i) {
      if (iteration_indptr_[i] < 0)
        return Fault("iteration_indptr is negative");
      parts_.iteration_ends.push_back(
          static_cast<size_t>(iteration_indptr_[i]));
    }
    return absl::OkStatus();
  }
  if (num_parallel_tree_ < 1 ||
      static_cast<uint64_t>(num_parallel_tree_) > trees ||
      trees % (parts_.num_outputs * num_parallel_tree_) != 0) {
    return Fault(absl::StrCat(trees, " trees are not whole iterations of ",
                              num_parallel_tree_, " for each of ",
                              parts_.num_outputs, " outputs"));
  }
  const size_t step = parts_.num_outputs * num_parallel_tree_;
  for (size_t end = step; end <= trees; end += step) {
    parts_.iteration_ends.push_back(end);
  }
  return absl::OkStatus();
}

// A float32 product for each leaf, the same that the trainer makes for each
// row.
absl::Status Importer::UseWeights() {
  if (weight_drop_.size() > parts_.trees.size()) {
    return Fault(absl::StrCat("weight_drop has ", weight_drop_.size(),
                              " elements for ", parts_.trees.size(), " trees"));
  }
  for (size_t t = 0; t < weight_drop_.size(); ++t) {
    for (double& leaf : parts_.trees[t].leaf_values) {
      leaf = static_cast<float>(leaf) * weight_drop_[t];
    }
  }
  return absl::OkStatus();
}

// "5E-1" until 3.0, "[5E-1]" or "[1E-1,2E-1]" since.
absl::StatusOr<std::vector<float>> Importer::ParseBaseScore() const {
  absl::string_view list = base_score_;
  absl::ConsumePrefix(&list, "[");
  absl::ConsumeSuffix(&list, "]");
  std::vector<float> scores;
  for (const absl::string_view word : absl::StrSplit(list, ',')) {
    float score = 0;
    const char* const end = word.data() + word.size();
    const auto result = std::from_chars(word.data(), end, score);
    if (result.ec != std::errc() || result.ptr != end) {
      return Fault(absl::StrCat("base_score '", base_score_.substr(0, 40),
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
  const auto objective =
      FindXgboostObjective(parts_.objective, parts_.num_outputs);
  if (!objective.ok()) {
    return absl::Status(
        objective.status().code(),
        absl::StrCat(name_, ": ", objective.status().message()));
  }
  parts_.transform = objective->transform;
  const bool clamps = version_ >= std::vector<int64_t>{3, 2};
  MARQUEE_ASSIGN_OR_RETURN(const std::vector<float> scores, ParseBaseScore());
  for (const float score : scores) {
    const auto margin = BaseMargin(objective->link, score, clamps);
    if (!margin.ok()) return Fault(margin.status().message());
    parts_.base_margins.push_back(*margin);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<const Forest>> Importer::Run() {
  parts_.format = ModelFormat::kXgboostJson;
  parts_.arithmetic = Arithmetic::kXgboost;
  MARQUEE_RETURN_IF_ERROR(ReadObject(&Importer::ReadRootField));
  MARQUEE_RETURN_IF_ERROR(json_.ExpectEnd());
  if (!has_learner_) {
    return Fault(
        "is JSON, but not a model of XGBoost's save_model: it has no "
        "'learner'");
  }
  if (booster_ != "gbtree" && booster_ != "dart") {
    return absl::UnimplementedError(
        absl::StrCat(name_, ": the XGBoost booster '", booster_,
                     "' is not supported: gbtree and dart are"));
  }
  parts_.version = absl::StrJoin(version_, ".");
  MARQUEE_RETURN_IF_ERROR(UseOutputs());
  MARQUEE_RETURN_IF_ERROR(UseTreeInfo());
  MARQUEE_RETURN_IF_ERROR(UseIterations());
  MARQUEE_RETURN_IF_ERROR(UseWeights());
  MARQUEE_RETURN_IF_ERROR(UseObjective());
  auto forest = Forest::Create(std::move(parts_));
  if (!forest.ok()) return Fault(forest.status().message());
  return forest;
}

}  // namespace

absl::StatusOr<std::unique_ptr<const Forest>> ImportXgboostJson(
    absl::string_view bytes, absl::string_view name) {
  return Importer(bytes, name).Run();
}

}  // namespace marquee
