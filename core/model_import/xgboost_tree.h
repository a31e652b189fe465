// One tree of an XGBoost model: its nodes, turned into splits and leaves.
#ifndef MARQUEE_CORE_MODEL_IMPORT_XGBOOST_TREE_H_
#define MARQUEE_CORE_MODEL_IMPORT_XGBOOST_TREE_H_

#include <cstddef>

#include "absl/status/statusor.h"
#include "core/forest/forest.h"
#include "core/model_import/pull_reader.h"

namespace marquee {

// Reads one object of the list of trees. The tree's output is 0. `index` is its
// place in the list; the object's id must agree with it. Errors: DataLoss for
// arrays that do not form a tree.
absl::StatusOr<Tree> ReadXgboostTree(size_t index, PullReader* reader);

}  // namespace marquee

#endif  // MARQUEE_CORE_MODEL_IMPORT_XGBOOST_TREE_H_
