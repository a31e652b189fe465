#include "core/model_import/xgboost_nodes.h"

#include <limits>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/forest/forest.h"

namespace marquee {
namespace {

class NodesReader {
 public:
  NodesReader(size_t index, PullReader* reader)
      : index_(index), reader_(*reader) {}

  absl::StatusOr<XgboostNodes> Run();

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
  absl::Status Fault(absl::string_view what) const {
    return XgboostTreeFault(index_, reader_, what);
  }

  const size_t index_;
  PullReader& reader_;
  XgboostNodes nodes_;
};

template <typename T>
absl::Status NodesReader::ReadInts(std::vector<T>* values) {
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

absl::Status NodesReader::ReadFloats(std::vector<float>* values) {
  return reader_.ForEachElement([&]() -> absl::Status {
    MARQUEE_ASSIGN_OR_RETURN(const float value, reader_.Float());
    values->push_back(value);
    return absl::OkStatus();
  });
}

absl::Status NodesReader::ReadDefaults() {
  return reader_.ForEachElement([&]() -> absl::Status {
    MARQUEE_ASSIGN_OR_RETURN(const bool value, reader_.Bool());
    nodes_.default_left.push_back(value);
    return absl::OkStatus();
  });
}

absl::Status NodesReader::ReadParam(const std::string& key) {
  int64_t* const value = key == "num_nodes"          ? &nodes_.count
                         : key == "num_deleted"      ? &nodes_.deleted
                         : key == "size_leaf_vector" ? &nodes_.leaf_size
                                                     : nullptr;
  if (value == nullptr) return reader_.Skip();
  MARQUEE_ASSIGN_OR_RETURN(*value, ReadXgboostParam(&reader_));
  return absl::OkStatus();
}

absl::Status NodesReader::ReadId() {
  MARQUEE_ASSIGN_OR_RETURN(const int64_t id, reader_.Int());
  if (id < 0 || static_cast<uint64_t>(id) != index_) {
    return Fault(absl::StrCat("has the id ", id));
  }
  return absl::OkStatus();
}

absl::Status NodesReader::ReadField(const std::string& key) {
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

absl::Status NodesReader::CheckCounts() const {
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

absl::Status NodesReader::CheckLeafVectors() const {
  if (nodes_.leaf_size <= 1) return absl::OkStatus();
  if (nodes_.leaf_size > Forest::kMaxCount) {
    return Fault(absl::StrCat("size_leaf_vector is ", nodes_.leaf_size));
  }
  const auto size = static_cast<uint64_t>(nodes_.leaf_size);
  const bool by_leaf = !nodes_.leaf_weights.empty();
  const size_t values =
      by_leaf ? nodes_.leaf_weights.size() : nodes_.base_weights.size();
  if (values % size != 0 || (!by_leaf && values / size != nodes_.left.size())) {
    return Fault(by_leaf
                     ? absl::StrCat("leaf_weights has ", values,
                                    " elements, not a multiple of ", size)
                     : absl::StrCat("base_weights has ", values,
                                    " elements, not ", size, " for each node"));
  }
  // With leaf_weights, the right child of a leaf is its number among the
  // leaves.
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

absl::StatusOr<XgboostNodes> NodesReader::Run() {
  MARQUEE_RETURN_IF_ERROR(reader_.ForEachKey(
      [&](const std::string& key) { return ReadField(key); }));
  // Fields come in any order, so the arrays are compared after all are read.
  MARQUEE_RETURN_IF_ERROR(CheckCounts());
  return std::move(nodes_);
}

}  // namespace

absl::StatusOr<XgboostNodes> ReadXgboostNodes(size_t index,
                                              PullReader* reader) {
  return NodesReader(index, reader).Run();
}

absl::StatusOr<int64_t> ReadXgboostParam(PullReader* reader) {
  MARQUEE_ASSIGN_OR_RETURN(const std::string text, reader->String());
  int64_t value = 0;
  if (!absl::SimpleAtoi(text, &value)) {
    return reader->Fault("expected a string with an integer before this place");
  }
  return value;
}

absl::Status XgboostTreeFault(size_t index, const PullReader& reader,
                              absl::string_view what) {
  return reader.Fault(absl::StrCat("tree ", index, ": ", what));
}

}  // namespace marquee
