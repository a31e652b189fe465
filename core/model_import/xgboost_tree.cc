#include "core/model_import/xgboost_tree.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/model_import/xgboost_nodes.h"

namespace marquee {
namespace {

class TreeBuilder {
 public:
  TreeBuilder(size_t index, XgboostNodes nodes, const PullReader& reader)
      : index_(index), nodes_(std::move(nodes)), reader_(reader) {}

  absl::Status PlaceCategories();
  absl::StatusOr<Tree> Build() const;

 private:
  int32_t AddNode(int32_t node, Tree* tree) const;
  int32_t AddLeaf(int32_t node, Tree* tree) const;
  void AddCategories(int32_t set, Tree* tree) const;
  absl::Status Fault(absl::string_view what) const {
    return XgboostTreeFault(index_, reader_, what);
  }

  const size_t index_;
  const XgboostNodes nodes_;
  const PullReader& reader_;
  std::vector<int32_t> set_of_node_;  // kNoChild: no set
};

// Finds the categories of each categorical split.
absl::Status TreeBuilder::PlaceCategories() {
  constexpr int32_t kCategorical = 1;
  const size_t count = nodes_.left.size();
  const size_t sets = nodes_.category_nodes.size();
  if (!nodes_.split_type.empty() && nodes_.split_type.size() != count) {
    return Fault(absl::StrCat("split_type has ", nodes_.split_type.size(),
                              " elements, left_children ", count));
  }
  if (nodes_.category_begins.size() != sets ||
      nodes_.category_counts.size() != sets) {
    return Fault("categories_nodes, _segments and _sizes are not of one size");
  }
  set_of_node_.assign(count, kNoChild);
  int64_t listed = 0;
  for (size_t set = 0; set < sets; ++set) {
    const int32_t node = nodes_.category_nodes[set];
    const int64_t begin = nodes_.category_begins[set];
    const int64_t size = nodes_.category_counts[set];
    const auto all = static_cast<int64_t>(nodes_.categories.size());
    if (node < 0 || static_cast<size_t>(node) >= count ||
        set_of_node_[node] != kNoChild) {
      return Fault(absl::StrCat("categories_nodes has ", node,
                                ", which is out of range or occurs twice"));
    }
    if (begin < 0 || size < 0 || begin > all || size > all - begin) {
      return Fault(absl::StrCat("the categories ", begin, " to ", begin, " + ",
                                size, " are not of the ", all, " there are"));
    }
    set_of_node_[node] = static_cast<int32_t>(set);
    listed += size;
  }
  // Copies of sets that overlap could take far more memory than the file.
  if (listed > static_cast<int64_t>(nodes_.categories.size())) {
    return Fault("the sets of categories overlap");
  }
  for (size_t node = 0; node < nodes_.split_type.size(); ++node) {
    const int32_t type = nodes_.split_type[node];
    if (type != 0 && type != kCategorical) {
      return Fault(absl::StrCat("unknown split type ", type));
    }
    const bool is_split = nodes_.left[node] != kNoChild;
    if (is_split && (type == kCategorical) != (set_of_node_[node] >= 0)) {
      return Fault(absl::StrCat("node ", node, " has the split type ", type,
                                " and categories that are not of it"));
    }
  }
  return absl::OkStatus();
}

// Returns the node as a child of its parent.
int32_t TreeBuilder::AddNode(int32_t node, Tree* tree) const {
  if (nodes_.left[node] == kNoChild) return AddLeaf(node, tree);
  tree->splits.push_back({.threshold = nodes_.condition[node],
                          .feature = nodes_.feature[node],
                          .missing = MissingRule::kNaN,
                          .default_left = nodes_.default_left[node]});
  if (set_of_node_[node] >= 0) AddCategories(set_of_node_[node], tree);
  return static_cast<int32_t>(tree->splits.size() - 1);
}

int32_t TreeBuilder::AddLeaf(int32_t node, Tree* tree) const {
  std::vector<double>& values = tree->leaf_values;
  const auto leaf = static_cast<int32_t>(values.size() / tree->leaf_size);
  if (nodes_.leaf_size <= 1) {
    values.push_back(nodes_.condition[node]);
    return ~leaf;
  }
  const bool by_leaf = !nodes_.leaf_weights.empty();
  const auto first =
      (by_leaf ? nodes_.leaf_weights : nodes_.base_weights).begin() +
      ptrdiff_t{by_leaf ? nodes_.right[node] : node} * nodes_.leaf_size;
  values.insert(values.end(), first, first + nodes_.leaf_size);
  return ~leaf;
}

// Adds the categories of a set to the last split. Leaves out numbers that
// XGBoost never takes for a category.
void TreeBuilder::AddCategories(int32_t set, Tree* tree) const {
  Split& split = tree->splits.back();
  split.is_categorical = true;
  split.threshold = 0;
  const size_t first = tree->categories.size();
  for (int64_t i = 0; i < nodes_.category_counts[set]; ++i) {
    const uint32_t category =
        nodes_.categories[nodes_.category_begins[set] + i];
    if (category < kEndOfCategories) tree->categories.push_back(category);
  }
  const auto begin = tree->categories.begin() + ptrdiff_t(first);
  std::sort(begin, tree->categories.end());
  tree->categories.erase(std::unique(begin, tree->categories.end()),
                         tree->categories.end());
  split.first_category = static_cast<uint32_t>(first);
  split.category_count = static_cast<uint32_t>(tree->categories.size() - first);
}

// Numbers splits and leaves from the root down, the left child first. Leaves
// out nodes that pruning deleted.
absl::StatusOr<Tree> TreeBuilder::Build() const {
  // A stack instead of recursion: a hostile tree may be a chain of as many
  // nodes as the file has room for.
  struct Open {
    int32_t node;
    int32_t parent;  // a split, or none for the root
    bool is_left;
  };
  const size_t count = nodes_.left.size();
  Tree tree;
  tree.leaf_size =
      static_cast<uint32_t>(std::max<int64_t>(nodes_.leaf_size, 1));
  std::vector<bool> reached(count, false);
  std::vector<Open> open = {{0, kNoChild, false}};
  size_t reached_count = 0;
  while (!open.empty()) {
    const auto [node, parent, is_left] = open.back();
    open.pop_back();
    if (node < 0 || static_cast<size_t>(node) >= count || reached[node]) {
      return Fault(absl::StrCat("the child ", node,
                                " is out of range or has two parents"));
    }
    reached[node] = true;
    ++reached_count;
    const int32_t child = AddNode(node, &tree);
    if (parent != kNoChild) {
      Split& split = tree.splits[parent];
      (is_left ? split.left : split.right) = child;
    }
    if (child < 0) continue;
    open.push_back({nodes_.right[node], child, false});
    open.push_back({nodes_.left[node], child, true});
  }
  if (nodes_.deleted < 0 ||
      reached_count + static_cast<uint64_t>(nodes_.deleted) != count) {
    return Fault(absl::StrCat(reached_count, " nodes below the root and ",
                              nodes_.deleted, " deleted ones are not ", count));
  }
  return tree;
}

}  // namespace

absl::StatusOr<Tree> ReadXgboostTree(size_t index, PullReader* reader) {
  MARQUEE_ASSIGN_OR_RETURN(XgboostNodes nodes, ReadXgboostNodes(index, reader));
  TreeBuilder builder(index, std::move(nodes), *reader);
  MARQUEE_RETURN_IF_ERROR(builder.PlaceCategories());
  return builder.Build();
}

}  // namespace marquee
