#include "core/ranking/xgboost_tree.h"

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
  int64_t count = -1;
  int64_t deleted = 0;
};

class TreeReader {
 public:
  TreeReader(size_t index, JsonReader* json) : index_(index), json_(*json) {}

  absl::StatusOr<Tree> Run();

 private:
  absl::Status ReadField(const std::string& key);
  absl::Status ReadParams();
  absl::Status ReadId();
  absl::Status RefuseCategories(absl::string_view key);
  template <typename T>
  absl::Status ReadInts(std::vector<T>* values);
  absl::Status ReadConditions();
  absl::Status ReadDefaults();
  absl::Status CheckCounts() const;
  int32_t AddNode(int32_t node, Tree* tree) const;
  absl::StatusOr<Tree> Build() const;
  absl::Status Fault(absl::string_view what) const {
    return json_.Fault(absl::StrCat("tree ", index_, ": ", what));
  }
  absl::Status Unsupported(absl::string_view what) const {
    return json_.Unsupported(absl::StrCat(what, ": tree ", index_));
  }

  const size_t index_;
  JsonReader& json_;
  Nodes nodes_;
};

template <typename T>
absl::Status TreeReader::ReadInts(std::vector<T>* values) {
  MARQUEE_RETURN_IF_ERROR(json_.EnterArray());
  while (true) {
    MARQUEE_ASSIGN_OR_RETURN(const bool more, json_.NextElement());
    if (!more) return absl::OkStatus();
    MARQUEE_ASSIGN_OR_RETURN(const int64_t value, json_.Int());
    if (value < std::numeric_limits<T>::min() ||
        value > std::numeric_limits<T>::max()) {
      return Fault(absl::StrCat(value, " is out of range"));
    }
    values->push_back(static_cast<T>(value));
  }
}

absl::Status TreeReader::ReadConditions() {
  MARQUEE_RETURN_IF_ERROR(json_.EnterArray());
  while (true) {
    MARQUEE_ASSIGN_OR_RETURN(const bool more, json_.NextElement());
    if (!more) return absl::OkStatus();
    MARQUEE_ASSIGN_OR_RETURN(const float value, json_.Float());
    nodes_.condition.push_back(value);
  }
}

absl::Status TreeReader::ReadDefaults() {
  MARQUEE_RETURN_IF_ERROR(json_.EnterArray());
  while (true) {
    MARQUEE_ASSIGN_OR_RETURN(const bool more, json_.NextElement());
    if (!more) return absl::OkStatus();
    MARQUEE_ASSIGN_OR_RETURN(const bool value, json_.Bool());
    nodes_.default_left.push_back(value);
  }
}

absl::Status TreeReader::RefuseCategories(absl::string_view key) {
  MARQUEE_RETURN_IF_ERROR(json_.EnterArray());
  while (true) {
    MARQUEE_ASSIGN_OR_RETURN(const bool more, json_.NextElement());
    if (!more) return absl::OkStatus();
    MARQUEE_ASSIGN_OR_RETURN(const int64_t value, json_.Int());
    if (key == "split_type" && value == 0) continue;
    if (key == "split_type" && value != 1) {
      return Fault(absl::StrCat("unknown split type ", value));
    }
    return Unsupported("categorical splits are not supported yet");
  }
}

absl::Status TreeReader::ReadParams() {
  MARQUEE_RETURN_IF_ERROR(json_.EnterObject());
  std::string key;
  while (true) {
    MARQUEE_ASSIGN_OR_RETURN(const bool more, json_.NextKey(&key));
    if (!more) return absl::OkStatus();
    if (key == "num_nodes") {
      MARQUEE_ASSIGN_OR_RETURN(nodes_.count, ReadXgboostParam(&json_));
    } else if (key == "num_deleted") {
      MARQUEE_ASSIGN_OR_RETURN(nodes_.deleted, ReadXgboostParam(&json_));
    } else if (key == "size_leaf_vector") {
      MARQUEE_ASSIGN_OR_RETURN(const int64_t size, ReadXgboostParam(&json_));
      if (size > 1) {
        return Unsupported(
            "vector leaves (multi_strategy=multi_output_tree) are not "
            "supported yet");
      }
    } else {
      MARQUEE_RETURN_IF_ERROR(json_.Skip());
    }
  }
}

absl::Status TreeReader::ReadId() {
  MARQUEE_ASSIGN_OR_RETURN(const int64_t id, json_.Int());
  if (id < 0 || static_cast<uint64_t>(id) != index_) {
    return Fault(absl::StrCat("has the id ", id));
  }
  return absl::OkStatus();
}

absl::Status TreeReader::ReadField(const std::string& key) {
  if (key == "left_children") return ReadInts(&nodes_.left);
  if (key == "right_children") return ReadInts(&nodes_.right);
  if (key == "split_indices") return ReadInts(&nodes_.feature);
  if (key == "split_conditions") return ReadConditions();
  if (key == "default_left") return ReadDefaults();
  if (key == "split_type" || key == "categories_nodes") {
    return RefuseCategories(key);
  }
  if (key == "tree_param") return ReadParams();
  if (key == "id") return ReadId();
  return json_.Skip();
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
  return absl::OkStatus();
}

// Returns the node as a child of its parent.
int32_t TreeReader::AddNode(int32_t node, Tree* tree) const {
  if (nodes_.left[node] == kNoChild) {
    tree->leaf_values.push_back(nodes_.condition[node]);
    return ~static_cast<int32_t>(tree->leaf_values.size() - 1);
  }
  tree->splits.push_back({.threshold = nodes_.condition[node],
                          .feature = nodes_.feature[node],
                          .missing = MissingRule::kNaN,
                          .default_left = nodes_.default_left[node]});
  return static_cast<int32_t>(tree->splits.size() - 1);
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
  MARQUEE_RETURN_IF_ERROR(json_.EnterObject());
  std::string key;
  while (true) {
    MARQUEE_ASSIGN_OR_RETURN(const bool more, json_.NextKey(&key));
    if (!more) break;
    MARQUEE_RETURN_IF_ERROR(ReadField(key));
  }
  MARQUEE_RETURN_IF_ERROR(CheckCounts());
  return Build();
}

}  // namespace

absl::StatusOr<Tree> ReadXgboostTree(size_t index, JsonReader* json) {
  return TreeReader(index, json).Run();
}

absl::StatusOr<int64_t> ReadXgboostParam(JsonReader* json) {
  MARQUEE_ASSIGN_OR_RETURN(const std::string text, json->String());
  int64_t value = 0;
  if (!absl::SimpleAtoi(text, &value)) {
    return json->Fault("expected a string with an integer before this place");
  }
  return value;
}

}  // namespace marquee
