// What an XGBoost model file says, field by field, before anything is
// concluded from it.
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

// The attribute of a booster that says how the vectors were made that its
// features are of.
inline constexpr absl::string_view kVectorsAttribute = "marquee_vectors";

struct XgboostDocument {
  bool has_learner = false;
  std::vector<int64_t> version;
  std::string booster;  // gradient_booster.name
  std::string objective;
  std::vector<std::string> feature_names;
  std::optional<int64_t> best_iteration;
  std::string vectors;  // the attribute kVectorsAttribute
  // learner_model_param
  std::string base_score;
  int64_t num_feature = 0;
  int64_t num_class = 0;
  int64_t num_target = 1;
  // gbtree_model_param; -1: there is none
  int64_t num_trees = -1;
  int64_t num_parallel_tree = 1;
  // Outputs are 0; leaves are before weight_drop.
  std::vector<Tree> trees;
  std::vector<int64_t> tree_info;
  std::vector<int64_t> iteration_indptr;  // empty before 2.0
  std::vector<float> weight_drop;         // of dart, else empty
  // Of a table of pandas, since 3.1. The list of all features is empty in
  // slices of a model, in those of older versions that are saved again, and
  // when nothing was a table.
  bool tells_categories = false;
  std::map<uint32_t, CategoryValues> category_values;
};

// Reads the whole file. Keys come in any order; unknown ones are skipped.
// Errors: as ReadXgboostTree; those of the reader for a file that is not of its
// format or has a field of another type.
absl::StatusOr<XgboostDocument> ReadXgboostDocument(PullReader* reader);

}  // namespace marquee

#endif  // MARQUEE_CORE_MODEL_IMPORT_XGBOOST_DOCUMENT_H_
