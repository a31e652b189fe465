// The content of an XGBoost model file, field by field, before the importer
// interprets it.
#ifndef MARQUEE_CORE_MODEL_IMPORT_XGBOOST_DOCUMENT_H_
#define MARQUEE_CORE_MODEL_IMPORT_XGBOOST_DOCUMENT_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/forest/forest.h"
#include "core/model_import/category_values.h"
#include "core/model_import/pull_reader.h"

namespace marquee {

// The booster attribute that holds the recipe of the vectors from which the
// model's features are computed.
inline constexpr absl::string_view kVectorsAttribute = "marquee_vectors";

struct XgboostDocument {
  bool has_learner = false;
  std::vector<int64_t> version;
  std::string booster;  // gradient_booster.name
  std::string objective;
  std::vector<std::string> feature_names;
  std::optional<int64_t> best_iteration;
  std::string vectors;  // value of the attribute kVectorsAttribute
  // learner_model_param
  std::string base_score;
  int64_t num_feature = 0;
  int64_t num_class = 0;
  int64_t num_target = 1;
  // gbtree_model_param; -1: absent
  int64_t num_trees = -1;
  int64_t num_parallel_tree = 1;
  // The trees as the file has them: outputs are 0, leaves are not yet
  // multiplied by weight_drop.
  std::vector<Tree> trees;
  std::vector<int64_t> tree_info;
  std::vector<int64_t> iteration_indptr;  // empty before 2.0
  std::vector<float> weight_drop;         // of dart; else empty
  // The category values of a model trained on a pandas table, since 3.1. The
  // list of all features is empty in slices of a model, in models of older
  // versions that were saved again, and if no table was used.
  bool tells_categories = false;
  std::map<uint32_t, CategoryValues> category_values;
};

// Reads the whole file. Accepts keys in any order and skips unknown ones.
// Errors: those of ReadXgboostTree; those of the reader for a file that is not
// of its format or has a field of another type.
absl::StatusOr<XgboostDocument> ReadXgboostDocument(PullReader* reader);

}  // namespace marquee

#endif  // MARQUEE_CORE_MODEL_IMPORT_XGBOOST_DOCUMENT_H_
