#include "core/retrieval/graph.h"

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace marquee {

absl::StatusOr<std::unique_ptr<const Graph>> Graph::Open(const ArrayFile& file,
                                                         size_t items) {
  const auto bad = [&](absl::string_view what) {
    return absl::DataLossError(absl::StrCat(file.name(), ": ", what));
  };
  std::unique_ptr<Graph> graph(new Graph);
  MARQUEE_ASSIGN_OR_RETURN(const std::span<const uint32_t> degree,
                           file.Array<uint32_t>("max_degree"));
  if (degree.size() != 1 || degree[0] == 0 || degree[0] > kMaxDegree) {
    return bad(absl::StrCat("array 'max_degree' is not one number of 1 to ",
                            kMaxDegree));
  }
  graph->max_degree_ = degree[0];
  MARQUEE_ASSIGN_OR_RETURN(graph->neighbors_,
                           file.Array<uint32_t>("neighbors"));
  MARQUEE_ASSIGN_OR_RETURN(graph->entries_, file.Array<uint32_t>("entries"));
  // A snapshot without a graph has this section without entries.
  const size_t lists = graph->entries_.empty() ? 0 : items;
  if (graph->neighbors_.size() != lists * degree[0]) {
    return bad(absl::StrCat("array 'neighbors' is not ", lists, " lists of ",
                            degree[0]));
  }
  for (size_t i = 0; i < graph->neighbors_.size(); ++i) {
    const uint32_t neighbor = graph->neighbors_[i];
    if (neighbor != kNoNeighbor && neighbor >= items) {
      return bad(absl::StrCat("array 'neighbors': item ", i / degree[0],
                              " has neighbour ", neighbor, ", of ", items));
    }
  }
  for (const uint32_t entry : graph->entries_) {
    if (entry >= items)
      return bad(absl::StrCat("array 'entries' names item ", entry));
  }
  MARQUEE_ASSIGN_OR_RETURN(const std::span<const float> width,
                           file.Array<float>("width_per_k"));
  if (width.size() != 1 || !(width[0] >= 1 && width[0] <= kMaxWidthPerK)) {
    return bad(absl::StrCat("array 'width_per_k' is not one number of 1 to ",
                            kMaxWidthPerK));
  }
  graph->width_per_k_ = width[0];
  return graph;
}

void WriteGraph(const GraphParts& parts, ArrayFileWriter& out) {
  out.Add<uint32_t>("max_degree", std::span(&parts.max_degree, 1));
  out.Add<uint32_t>("neighbors", parts.neighbors);
  out.Add<uint32_t>("entries", parts.entries);
  out.Add<float>("width_per_k", std::span(&parts.width_per_k, 1));
}

}  // namespace marquee
