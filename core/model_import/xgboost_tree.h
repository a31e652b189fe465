// One tree of an XGBoost model: its nodes, turned into splits and leaves.
#ifndef MARQUEE_CORE_MODEL_IMPORT_XGBOOST_TREE_H_
#define MARQUEE_CORE_MODEL_IMPORT_XGBOOST_TREE_H_

#include <cstddef>

#include "absl/status/statusor.h"
#include "core/forest/forest.h"
#include "core/model_import/pull_reader.h"

namespace marquee {

// Reads the object of a tree. Its output is 0. `index` is its place among the
// trees, which its id must agree with. Errors: DataLoss for arrays that make no
// tree.
absl::StatusOr<Tree> ReadXgboostTree(size_t index, PullReader* reader);

}  // namespace marquee

#endif  // MARQUEE_CORE_MODEL_IMPORT_XGBOOST_TREE_H_
