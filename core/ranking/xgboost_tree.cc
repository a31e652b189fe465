#include "core/ranking/xgboost_tree.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace marquee {
namespace {

constexpr int32_t kNoChild = -1;

// The arrays of a tree, one element a node. Node 0 is the root.
struct Nodes {
  std::vector<int32_t> left;
  std::vector<int32_t> right;
  std::vector<uint32_t> feature;
  std::vector<float> condition;  // the value of a leaf
  std::vector<bool> default_left;
  std::vector<int32_t> split_type;  // empty: all numerical
  // One element a categorical split, in any order of the splits.
  std::vector<int32_t> category_nodes;
  std::vector<int64_t> category_begins;  // in categories
  std::vector<int64_t> category_counts;
  std::vector<uint32_t> categories;
  // Vectors of leaf_size. Since 3.2 those of leaf_weights, of which
  // right_children of a leaf has the index; before, those of base_weights, one
  // a node.
  std::vector<float> base_weights;
  std::vector<float> leaf_weights;
  int64_t leaf_size = 1;
  int64_t count = -1;
  int64_t deleted = 0;
};

class TreeReader {
 public:
  TreeReader(size_t index, PullReader* reader)
      : index_(index), reader_(*reader) {}

  absl::StatusOr<Tree> Run();

 private:
  absl::Status ReadField(const std::string& key);
  absl::Status ReadParam(const std::string& key);
  absl::Status ReadId();
  template <typename T>
  absl::Status ReadInts(std::vector<T>* values);
  absl::Status ReadFloats(std::vector<float>* values);
  absl::Status ReadDefaults();
  absl::Status CheckCounts() const;
  absl::Status CheckLeafVectors() const;
  absl::Status PlaceCategories();
  int32_t AddNode(int32_t node, Tree* tree) const;
  int32_t AddLeaf(int32_t node, Tree* tree) const;
  void AddCategories(int32_t set, Tree* tree) const;
  absl::StatusOr<Tree> Build() const;
  absl::Status Fault(absl::string_view what) const {
    return reader_.Fault(absl::StrCat("tree ", index_, ": ", what));
  }

  const size_t index_;
  PullReader& reader_;
  Nodes nodes_;
  std::vector<int32_t> set_of_node_;  // none: kNoChild
};

template <typename T>
absl::Status TreeReader::ReadInts(std::vector<T>* values) {
  return reader_.ForEachElement([&]() -> absl::Status {
    MARQUEE_ASSIGN_OR_RETURN(const int64_t value, reader_.Int());
    if (value < std::numeric_limits<T>::min() ||
        value > std::numeric_limits<T>::max()) {
      return Fault(absl::StrCat(value, " is out of range"));
    }
    values->push_back(static_cast<T>(value));
    return absl::OkStatus();
  });
}

absl::Status TreeReader::ReadFloats(std::vector<float>* values) {
  return reader_.ForEachElement([&]() -> absl::Status {
    MARQUEE_ASSIGN_OR_RETURN(const float value, reader_.Float());
    values->push_back(value);
    return absl::OkStatus();
  });
}

absl::Status TreeReader::ReadDefaults() {
  return reader_.ForEachElement([&]() -> absl::Status {
    MARQUEE_ASSIGN_OR_RETURN(const bool value, reader_.Bool());
    nodes_.default_left.push_back(value);
    return absl::OkStatus();
  });
}

absl::Status TreeReader::ReadParam(const std::string& key) {
  int64_t* const value = key == "num_nodes"          ? &nodes_.count
                         : key == "num_deleted"      ? &nodes_.deleted
                         : key == "size_leaf_vector" ? &nodes_.leaf_size
                                                     : nullptr;
  if (value == nullptr) return reader_.Skip();
  MARQUEE_ASSIGN_OR_RETURN(*value, ReadXgboostParam(&reader_));
  return absl::OkStatus();
}

absl::Status TreeReader::ReadId() {
  MARQUEE_ASSIGN_OR_RETURN(const int64_t id, reader_.Int());
  if (id < 0 || static_cast<uint64_t>(id) != index_) {
    return Fault(absl::StrCat("has the id ", id));
  }
  return absl::OkStatus();
}

absl::Status TreeReader::ReadField(const std::string& key) {
  if (key == "left_children") return ReadInts(&nodes_.left);
  if (key == "right_children") return ReadInts(&nodes_.right);
  if (key == "split_indices") return ReadInts(&nodes_.feature);
  if (key == "split_conditions") return ReadFloats(&nodes_.condition);
  if (key == "default_left") return ReadDefaults();
  if (key == "split_type") return ReadInts(&nodes_.split_type);
  if (key == "categories_nodes") return ReadInts(&nodes_.category_nodes);
  if (key == "categories_segments") return ReadInts(&nodes_.category_begins);
  if (key == "categories_sizes") return ReadInts(&nodes_.category_counts);
  if (key == "categories") return ReadInts(&nodes_.categories);
  if (key == "base_weights") return ReadFloats(&nodes_.base_weights);
  if (key == "leaf_weights") return ReadFloats(&nodes_.leaf_weights);
  if (key == "tree_param") {
    return reader_.ForEachKey(
        [&](const std::string& param) { return ReadParam(param); });
  }
  if (key == "id") return ReadId();
  return reader_.Skip();
}

absl::Status TreeReader::CheckCounts() const {
  const size_t count = nodes_.left.size();
  const std::pair<absl::string_view, size_t> sizes[] = {
      {"right_children", nodes_.right.size()},
      {"split_indices", nodes_.feature.size()},
      {"split_conditions", nodes_.condition.size()},
      {"default_left", nodes_.default_left.size()},
  };
  for (const auto& [key, size] : sizes) {
    if (size != count) {
      return Fault(
          absl::StrCat(key, " has ", size, " elements, left_children ", count));
    }
  }
  if (nodes_.count < 1 || static_cast<uint64_t>(nodes_.count) != count) {
    return Fault(absl::StrCat("num_nodes is ", nodes_.count,
                              ", left_children has ", count, " elements"));
  }
  return CheckLeafVectors();
}

absl::Status TreeReader::CheckLeafVectors() const {
  if (nodes_.leaf_size <= 1) return absl::OkStatus();
  if (nodes_.leaf_size > Forest::kMaxCount) {
    return Fault(absl::StrCat("size_leaf_vector is ", nodes_.leaf_size));
  }
  const auto size = static_cast<uint64_t>(nodes_.leaf_size);
  const bool by_leaf = !nodes_.leaf_weights.empty();
  const size_t values =
      by_leaf ? nodes_.leaf_weights.size() : nodes_.base_weights.size();
  if (values % size != 0 || (!by_leaf && values / size != nodes_.left.size())) {
    return Fault(absl::StrCat(by_leaf ? "leaf_weights" : "base_weights",
                              " has ", values,
                              " elements, which are no vectors of ", size));
  }
  if (!by_leaf) return absl::OkStatus();
  for (size_t node = 0; node < nodes_.left.size(); ++node) {
    if (nodes_.left[node] != kNoChild) continue;
    const int32_t leaf = nodes_.right[node];
    if (leaf < 0 || static_cast<uint64_t>(leaf) >= values / size) {
      return Fault(absl::StrCat("node ", node, " has leaf ", leaf, " of ",
                                values / size));
    }
  }
  return absl::OkStatus();
}

// Finds the categories of each categorical split.
absl::Status TreeReader::PlaceCategories() {
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
                                ", which is out of range or there twice"));
    }
    if (begin < 0 || size < 0 || begin > all || size > all - begin) {
      return Fault(absl::StrCat("the categories ", begin, " to ", begin, " + ",
                                size, " are not of the ", all, " there are"));
    }
    // Sets may not share what they have: the forest keeps each by itself.
    set_of_node_[node] = static_cast<int32_t>(set);
    listed += size;
  }
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
int32_t TreeReader::AddNode(int32_t node, Tree* tree) const {
  if (nodes_.left[node] == kNoChild) return AddLeaf(node, tree);
  tree->splits.push_back({.threshold = nodes_.condition[node],
                          .feature = nodes_.feature[node],
                          .missing = MissingRule::kNaN,
                          .default_left = nodes_.default_left[node]});
  if (set_of_node_[node] >= 0) AddCategories(set_of_node_[node], tree);
  return static_cast<int32_t>(tree->splits.size() - 1);
}

int32_t TreeReader::AddLeaf(int32_t node, Tree* tree) const {
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

// To the last split. What XGBoost never takes for a category is left out.
void TreeReader::AddCategories(int32_t set, Tree* tree) const {
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

// Numbers splits and leaves from the root on, the left child first. Nodes that
// pruning deleted stay behind.
absl::StatusOr<Tree> TreeReader::Build() const {
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

absl::StatusOr<Tree> TreeReader::Run() {
  MARQUEE_RETURN_IF_ERROR(reader_.ForEachKey(
      [&](const std::string& key) { return ReadField(key); }));
  MARQUEE_RETURN_IF_ERROR(CheckCounts());
  MARQUEE_RETURN_IF_ERROR(PlaceCategories());
  return Build();
}

}  // namespace

absl::StatusOr<Tree> ReadXgboostTree(size_t index, PullReader* reader) {
  return TreeReader(index, reader).Run();
}

absl::StatusOr<int64_t> ReadXgboostParam(PullReader* reader) {
  MARQUEE_ASSIGN_OR_RETURN(const std::string text, reader->String());
  int64_t value = 0;
  if (!absl::SimpleAtoi(text, &value)) {
    return reader->Fault("expected a string with an integer before this place");
  }
  return value;
}

}  // namespace marquee
