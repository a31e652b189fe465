#include "core/model_import/xgboost_document.h"

#include <deque>
#include <iterator>
#include <utility>

#include "core/base/status_macros.h"
#include "core/model_import/xgboost_nodes.h"
#include "core/model_import/xgboost_tree.h"

namespace marquee {
namespace {

class DocumentReader {
 public:
  explicit DocumentReader(PullReader* reader) : reader_(*reader) {}

  absl::StatusOr<XgboostDocument> Run();

 private:
  using Field = absl::Status (DocumentReader::*)(const std::string& key);

  // Reads an object; reads each value with `read`.
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
  absl::Status ReadCategoryField(const std::string& key);
  absl::Status ReadEncoding(uint32_t feature);
  absl::Status ReadNames();
  absl::Status ReadTrees();
  absl::Status ReadWeights();
  absl::Status ReadInts(std::vector<int64_t>* values);

  PullReader& reader_;
  XgboostDocument document_;
};

absl::Status DocumentReader::ReadObject(Field read) {
  return reader_.ForEachKey(
      [&](const std::string& key) { return (this->*read)(key); });
}

absl::Status DocumentReader::ReadRootField(const std::string& key) {
  if (key == "learner") {
    document_.has_learner = true;
    return ReadObject(&DocumentReader::ReadLearnerField);
  }
  if (key == "version") return ReadInts(&document_.version);
  return reader_.Skip();
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
  return reader_.Skip();
}

absl::Status DocumentReader::ReadAttribute(const std::string& key) {
  if (key == kVectorsAttribute) {
    MARQUEE_ASSIGN_OR_RETURN(document_.vectors, reader_.String());
    if (document_.vectors.empty() || IsRecipe(document_.vectors)) {
      return absl::OkStatus();
    }
    return reader_.Fault(absl::StrCat(kVectorsAttribute,
                                      " is not one line of text of at most ",
                                      kMaxRecipeBytes, " bytes"));
  }
  if (key != "best_iteration") return reader_.Skip();
  MARQUEE_ASSIGN_OR_RETURN(const int64_t best, ReadXgboostParam(&reader_));
  if (best < 0) return reader_.Fault("best_iteration is negative");
  document_.best_iteration = best;
  return absl::OkStatus();
}

absl::Status DocumentReader::ReadObjectiveField(const std::string& key) {
  if (key != "name") return reader_.Skip();
  MARQUEE_ASSIGN_OR_RETURN(document_.objective, reader_.String());
  return absl::OkStatus();
}

absl::Status DocumentReader::ReadLearnerParam(const std::string& key) {
  if (key == "base_score") {
    MARQUEE_ASSIGN_OR_RETURN(document_.base_score, reader_.String());
  } else if (key == "num_class") {
    MARQUEE_ASSIGN_OR_RETURN(document_.num_class, ReadXgboostParam(&reader_));
  } else if (key == "num_feature") {
    MARQUEE_ASSIGN_OR_RETURN(document_.num_feature, ReadXgboostParam(&reader_));
  } else if (key == "num_target") {
    MARQUEE_ASSIGN_OR_RETURN(document_.num_target, ReadXgboostParam(&reader_));
  } else {
    return reader_.Skip();
  }
  return absl::OkStatus();
}

absl::Status DocumentReader::ReadBoosterField(const std::string& key) {
  if (key == "name") {
    MARQUEE_ASSIGN_OR_RETURN(document_.booster, reader_.String());
    return absl::OkStatus();
  }
  // Until 3.2, dart wraps a whole gbtree booster.
  if (key == "gbtree")
    return ReadObject(&DocumentReader::ReadInnerBoosterField);
  if (key == "weight_drop") return ReadWeights();
  return ReadInnerBoosterField(key);
}

absl::Status DocumentReader::ReadInnerBoosterField(const std::string& key) {
  if (key == "model") return ReadObject(&DocumentReader::ReadModelField);
  return reader_.Skip();
}

absl::Status DocumentReader::ReadModelField(const std::string& key) {
  if (key == "gbtree_model_param") {
    return ReadObject(&DocumentReader::ReadModelParam);
  }
  if (key == "cats") return ReadObject(&DocumentReader::ReadCategoryField);
  if (key == "trees") return ReadTrees();
  if (key == "weight_drop") return ReadWeights();
  if (key == "tree_info") return ReadInts(&document_.tree_info);
  if (key == "iteration_indptr") return ReadInts(&document_.iteration_indptr);
  return reader_.Skip();
}

absl::Status DocumentReader::ReadCategoryField(const std::string& key) {
  if (key != "enc") return reader_.Skip();
  uint32_t feature = 0;
  return reader_.ForEachElement([&] {
    document_.tells_categories = true;
    return ReadEncoding(feature++);
  });
}

// Reads the categories of a feature: numbers with their type, or the bytes of
// names and where each begins. A feature without categories has no names.
absl::Status DocumentReader::ReadEncoding(uint32_t feature) {
  bool has_type = false;
  CategoryValues list;
  size_t offsets = 0;
  MARQUEE_RETURN_IF_ERROR(
      reader_.ForEachKey([&](const std::string& key) -> absl::Status {
        has_type |= key == "type";
        if (key == "values") {
          MARQUEE_ASSIGN_OR_RETURN(list, ReadCategoryValues(&reader_));
          return absl::OkStatus();
        }
        if (key != "offsets") return reader_.Skip();
        return reader_.ForEachElement([&] {
          ++offsets;
          return reader_.Skip();
        });
      }));
  list.are_categories &= has_type;
  if (has_type || offsets > 0) {
    document_.category_values[feature] = std::move(list);
  }
  return absl::OkStatus();
}

absl::Status DocumentReader::ReadModelParam(const std::string& key) {
  if (key == "num_trees") {
    MARQUEE_ASSIGN_OR_RETURN(document_.num_trees, ReadXgboostParam(&reader_));
  } else if (key == "num_parallel_tree") {
    MARQUEE_ASSIGN_OR_RETURN(document_.num_parallel_tree,
                             ReadXgboostParam(&reader_));
  } else {
    return reader_.Skip();
  }
  return absl::OkStatus();
}

// Collects into a deque, which grows without copies: a name of two bytes costs
// a whole std::string, the largest ratio of memory to file size.
absl::Status DocumentReader::ReadNames() {
  std::deque<std::string> names;
  MARQUEE_RETURN_IF_ERROR(reader_.ForEachElement([&]() -> absl::Status {
    MARQUEE_ASSIGN_OR_RETURN(std::string name, reader_.String());
    names.push_back(std::move(name));
    return absl::OkStatus();
  }));
  document_.feature_names.assign(std::move_iterator(names.begin()),
                                 std::move_iterator(names.end()));
  return absl::OkStatus();
}

absl::Status DocumentReader::ReadTrees() {
  return reader_.ForEachElement([&]() -> absl::Status {
    MARQUEE_ASSIGN_OR_RETURN(Tree tree,
                             ReadXgboostTree(document_.trees.size(), &reader_));
    document_.trees.push_back(std::move(tree));
    return absl::OkStatus();
  });
}

absl::Status DocumentReader::ReadWeights() {
  return reader_.ForEachElement([&]() -> absl::Status {
    MARQUEE_ASSIGN_OR_RETURN(const float weight, reader_.Float());
    document_.weight_drop.push_back(weight);
    return absl::OkStatus();
  });
}

absl::Status DocumentReader::ReadInts(std::vector<int64_t>* values) {
  return reader_.ForEachElement([&]() -> absl::Status {
    MARQUEE_ASSIGN_OR_RETURN(const int64_t value, reader_.Int());
    values->push_back(value);
    return absl::OkStatus();
  });
}

absl::StatusOr<XgboostDocument> DocumentReader::Run() {
  MARQUEE_RETURN_IF_ERROR(ReadObject(&DocumentReader::ReadRootField));
  return std::move(document_);
}

}  // namespace

absl::StatusOr<XgboostDocument> ReadXgboostDocument(PullReader* reader) {
  return DocumentReader(reader).Run();
}

}  // namespace marquee
