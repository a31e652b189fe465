// The nodes of one tree of an XGBoost model file, as the file has them.
#ifndef MARQUEE_CORE_MODEL_IMPORT_XGBOOST_NODES_H_
#define MARQUEE_CORE_MODEL_IMPORT_XGBOOST_NODES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/model_import/pull_reader.h"

namespace marquee {

inline constexpr int32_t kNoChild = -1;

// Arrays have one element per node, unless they say otherwise. Node 0 is the
// root. Movable bag of values.
struct XgboostNodes {
  std::vector<int32_t> left;
  std::vector<int32_t> right;
  std::vector<uint32_t> feature;
  std::vector<float> condition;  // the threshold, or the value of a leaf
  std::vector<bool> default_left;
  std::vector<int32_t> split_type;  // empty: all numerical
  // One element per categorical split, in any order of the splits.
  std::vector<int32_t> category_nodes;
  std::vector<int64_t> category_begins;  // indexes into categories
  std::vector<int64_t> category_counts;
  std::vector<uint32_t> categories;
  // Vectors of leaf_size values. Since 3.2 a leaf's vector is in leaf_weights,
  // at the index that right_children has for the leaf. Before 3.2 it is in
  // base_weights, one vector per node.
  std::vector<float> base_weights;
  std::vector<float> leaf_weights;
  int64_t leaf_size = 1;
  int64_t count = -1;
  int64_t deleted = 0;
};

// Reads one object of the list of trees; `index` is its place in the list.
// Checks that arrays of nodes have one size and that every leaf has the vector
// that it names. Does not check what the numbers mean. Errors: DataLoss, as
// XgboostTreeFault.
absl::StatusOr<XgboostNodes> ReadXgboostNodes(size_t index, PullReader* reader);

// Reads an integer that XGBoost writes as a string: "num_trees": "10". Errors:
// DataLoss for another value.
absl::StatusOr<int64_t> ReadXgboostParam(PullReader* reader);

// Returns the error "tree INDEX: WHAT" with the reader's current place.
absl::Status XgboostTreeFault(size_t index, const PullReader& reader,
                              absl::string_view what);

}  // namespace marquee

#endif  // MARQUEE_CORE_MODEL_IMPORT_XGBOOST_NODES_H_
