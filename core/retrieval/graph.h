// The neighbour graph of the titles: level 0 of an HNSW graph and a set of
// entry points.
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

// What a builder makes and the section `graph` holds.
struct GraphParts {
  uint32_t max_degree = 0;
  std::vector<uint32_t>
      neighbors;  // [titles × max_degree], kNoNeighbor after the last
  // Where a search may begin; at least one when there are links.
  std::vector<uint32_t> entries;
  // GraphSearch::Options::width_per_k for this data (TuneWidth).
  float width_per_k = 1;
};
inline constexpr uint32_t kNoNeighbor = 0xFFFFFFFFu;

// A view of the section, which must outlive it. A snapshot that was built
// without a graph has an empty one. Immutable after construction. Invariants:
// every neighbour and entry is a title; a list ends at its first kNoNeighbor.
class Graph {
 public:
  static constexpr uint32_t kMaxDegree = 256;
  static constexpr float kMaxWidthPerK = 16;

  // `titles`: with a vector. Errors: DataLoss that names the array and the
  // title.
  static absl::StatusOr<std::unique_ptr<const Graph>> Open(
      const ArrayFile& file, size_t titles);

  bool empty() const { return entries_.empty(); }
  // At most max_degree; stop at kNoNeighbor.
  std::span<const uint32_t> Neighbors(uint32_t title) const {
    return neighbors_.subspan(size_t{title} * max_degree_, max_degree_);
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
