#include "core/ranking/xgboost_document.h"

#include <utility>

#include "core/base/status_macros.h"
#include "core/ranking/json_reader.h"
#include "core/ranking/xgboost_tree.h"

namespace marquee {
namespace {

class DocumentReader {
 public:
  DocumentReader(absl::string_view bytes, absl::string_view name)
      : json_(bytes, name) {}

  absl::StatusOr<XgboostDocument> Run();

 private:
  using Field = absl::Status (DocumentReader::*)(const std::string& key);

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

  JsonReader json_;
  XgboostDocument document_;
};

absl::Status DocumentReader::ReadObject(Field read) {
  MARQUEE_RETURN_IF_ERROR(json_.EnterObject());
  std::string key;
  while (true) {
    MARQUEE_ASSIGN_OR_RETURN(const bool more, json_.NextKey(&key));
    if (!more) return absl::OkStatus();
    MARQUEE_RETURN_IF_ERROR((this->*read)(key));
  }
}

absl::Status DocumentReader::ReadRootField(const std::string& key) {
  if (key == "learner") {
    document_.has_learner = true;
    return ReadObject(&DocumentReader::ReadLearnerField);
  }
  if (key == "version") {
    MARQUEE_ASSIGN_OR_RETURN(document_.version, ReadInts());
    return absl::OkStatus();
  }
  return json_.Skip();
}

absl::Status DocumentReader::ReadLearnerField(const std::string& key) {
  if (key == "attributes") return ReadObject(&DocumentReader::ReadAttribute);
  if (key == "feature_names") return ReadNames();
  if (key == "gradient_booster") {
    return ReadObject(&DocumentReader::ReadBoosterField);
  }
  if (key == "learner_model_param") {
    return ReadObject(&DocumentReader::ReadLearnerParam);
  }
  if (key == "objective")
    return ReadObject(&DocumentReader::ReadObjectiveField);
  return json_.Skip();
}

absl::Status DocumentReader::ReadAttribute(const std::string& key) {
  if (key != "best_iteration") return json_.Skip();
  MARQUEE_ASSIGN_OR_RETURN(const int64_t best, ReadXgboostParam(&json_));
  if (best < 0) return json_.Fault("best_iteration is negative");
  document_.best_iteration = best;
  return absl::OkStatus();
}

absl::Status DocumentReader::ReadObjectiveField(const std::string& key) {
  if (key != "name") return json_.Skip();
  MARQUEE_ASSIGN_OR_RETURN(document_.objective, json_.String());
  return absl::OkStatus();
}

absl::Status DocumentReader::ReadLearnerParam(const std::string& key) {
  if (key == "base_score") {
    MARQUEE_ASSIGN_OR_RETURN(document_.base_score, json_.String());
  } else if (key == "num_class") {
    MARQUEE_ASSIGN_OR_RETURN(document_.num_class, ReadXgboostParam(&json_));
  } else if (key == "num_feature") {
    MARQUEE_ASSIGN_OR_RETURN(document_.num_feature, ReadXgboostParam(&json_));
  } else if (key == "num_target") {
    MARQUEE_ASSIGN_OR_RETURN(document_.num_target, ReadXgboostParam(&json_));
  } else {
    return json_.Skip();
  }
  return absl::OkStatus();
}

absl::Status DocumentReader::ReadBoosterField(const std::string& key) {
  if (key == "name") {
    MARQUEE_ASSIGN_OR_RETURN(document_.booster, json_.String());
    return absl::OkStatus();
  }
  // dart until 3.2 wraps a whole gbtree booster.
  if (key == "gbtree")
    return ReadObject(&DocumentReader::ReadInnerBoosterField);
  if (key == "weight_drop") return ReadWeights();
  return ReadInnerBoosterField(key);
}

absl::Status DocumentReader::ReadInnerBoosterField(const std::string& key) {
  if (key == "model") return ReadObject(&DocumentReader::ReadModelField);
  return json_.Skip();
}

absl::Status DocumentReader::ReadModelField(const std::string& key) {
  if (key == "gbtree_model_param") {
    return ReadObject(&DocumentReader::ReadModelParam);
  }
  if (key == "trees") return ReadTrees();
  if (key == "weight_drop") return ReadWeights();
  if (key == "tree_info") {
    MARQUEE_ASSIGN_OR_RETURN(document_.tree_info, ReadInts());
    return absl::OkStatus();
  }
  if (key == "iteration_indptr") {
    MARQUEE_ASSIGN_OR_RETURN(document_.iteration_indptr, ReadInts());
    return absl::OkStatus();
  }
  return json_.Skip();
}

absl::Status DocumentReader::ReadModelParam(const std::string& key) {
  if (key == "num_trees") {
    MARQUEE_ASSIGN_OR_RETURN(document_.num_trees, ReadXgboostParam(&json_));
  } else if (key == "num_parallel_tree") {
    MARQUEE_ASSIGN_OR_RETURN(document_.num_parallel_tree,
                             ReadXgboostParam(&json_));
  } else {
    return json_.Skip();
  }
  return absl::OkStatus();
}

absl::Status DocumentReader::ReadNames() {
  MARQUEE_RETURN_IF_ERROR(json_.EnterArray());
  while (true) {
    MARQUEE_ASSIGN_OR_RETURN(const bool more, json_.NextElement());
    if (!more) return absl::OkStatus();
    MARQUEE_ASSIGN_OR_RETURN(std::string name, json_.String());
    document_.feature_names.push_back(std::move(name));
  }
}

absl::Status DocumentReader::ReadTrees() {
  MARQUEE_RETURN_IF_ERROR(json_.EnterArray());
  while (true) {
    MARQUEE_ASSIGN_OR_RETURN(const bool more, json_.NextElement());
    if (!more) return absl::OkStatus();
    MARQUEE_ASSIGN_OR_RETURN(Tree tree,
                             ReadXgboostTree(document_.trees.size(), &json_));
    document_.trees.push_back(std::move(tree));
  }
}

absl::Status DocumentReader::ReadWeights() {
  MARQUEE_RETURN_IF_ERROR(json_.EnterArray());
  while (true) {
    MARQUEE_ASSIGN_OR_RETURN(const bool more, json_.NextElement());
    if (!more) return absl::OkStatus();
    MARQUEE_ASSIGN_OR_RETURN(const float weight, json_.Float());
    document_.weight_drop.push_back(weight);
  }
}

absl::StatusOr<std::vector<int64_t>> DocumentReader::ReadInts() {
  MARQUEE_RETURN_IF_ERROR(json_.EnterArray());
  std::vector<int64_t> values;
  while (true) {
    MARQUEE_ASSIGN_OR_RETURN(const bool more, json_.NextElement());
    if (!more) return values;
    MARQUEE_ASSIGN_OR_RETURN(const int64_t value, json_.Int());
    values.push_back(value);
  }
}

absl::StatusOr<XgboostDocument> DocumentReader::Run() {
  MARQUEE_RETURN_IF_ERROR(ReadObject(&DocumentReader::ReadRootField));
  MARQUEE_RETURN_IF_ERROR(json_.ExpectEnd());
  return std::move(document_);
}

}  // namespace

absl::StatusOr<XgboostDocument> ReadXgboostDocument(absl::string_view bytes,
                                                    absl::string_view name) {
  return DocumentReader(bytes, name).Run();
}

}  // namespace marquee
