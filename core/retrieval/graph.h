// The neighbour graph of the items: level 0 of an HNSW graph (Malkov and
// Yashunin, arXiv:1603.09320) and a set of entry points.
#ifndef MARQUEE_CORE_RETRIEVAL_GRAPH_H_
#define MARQUEE_CORE_RETRIEVAL_GRAPH_H_

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "core/base/ids.h"
#include "core/files/array_file.h"

namespace marquee {

// The content of the section `graph`, as a builder makes it.
struct GraphParts {
  uint32_t max_degree = 0;
  // [items × max_degree], kNoNeighbor after the last.
  std::vector<uint32_t> neighbors;
  // Where a search begins. At least one if there are links.
  std::vector<uint32_t> entries;
  // GraphSearch::Options::width_per_k, tuned for this data (TuneWidth).
  float width_per_k = 1;
};
inline constexpr uint32_t kNoNeighbor = 0xFFFFFFFFu;

// A view of the section, which must outlive it. A snapshot built without a
// graph has an empty one. Immutable after construction. Invariants: every
// neighbour and entry is an item; a list ends at its first kNoNeighbor.
class Graph {
 public:
  static constexpr uint32_t kMaxDegree = 256;
  static constexpr float kMaxWidthPerK = 16;

  // `items`: the number of items with a vector. Errors: DataLoss that names
  // the array and the item.
  static absl::StatusOr<std::unique_ptr<const Graph>> Open(
      const ArrayFile& file, size_t items);

  bool empty() const { return entries_.empty(); }
  // Returns max_degree() rows; stop at the first kNoNeighbor.
  std::span<const uint32_t> Neighbors(uint32_t item) const {
    return neighbors_.subspan(size_t{item} * max_degree_, max_degree_);
  }
  std::span<const uint32_t> entries() const { return entries_; }
  uint32_t max_degree() const { return max_degree_; }
  float width_per_k() const { return width_per_k_; }

 private:
  Graph() = default;

  uint32_t max_degree_ = 0;
  float width_per_k_ = 1;
  std::span<const uint32_t> neighbors_;
  std::span<const uint32_t> entries_;
};

void WriteGraph(const GraphParts& parts, ArrayFileWriter& out);

}  // namespace marquee

#endif  // MARQUEE_CORE_RETRIEVAL_GRAPH_H_
