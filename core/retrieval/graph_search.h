// The graph engine: a walk over the neighbour graph, by the codes of the
// titles.
#ifndef MARQUEE_CORE_RETRIEVAL_GRAPH_SEARCH_H_
#define MARQUEE_CORE_RETRIEVAL_GRAPH_SEARCH_H_

#include "core/catalog/item_vectors.h"
#include "core/retrieval/cell_scan.h"
#include "core/retrieval/graph.h"
#include "core/retrieval/item_codes.h"
#include "core/retrieval/retriever.h"
#include "core/simd/code_scan.h"

namespace marquee {

// The walk goes through titles that are not eligible but collects only eligible
// ones: it keeps the `width` best eligible titles met so far and ends when no
// title is left to expand that is as good as they are. It expands some titles
// at once: first their neighbours that were not met are listed and fetched,
// then all of these are scored. The best are computed exactly in the end. When
// it ends with fewer than it owes, the exact engine answers instead. All
// references must outlive it. Immutable after construction.
class GraphSearch final : public Retriever {
 public:
  struct Options {
    // Width of the search as a multiple of k at effort 1. More: better recall,
    // slower. At least 1.
    float width_per_k = 1.3f;
    simd::Isa isa = simd::BestIsa();
  };

  // `exact`: answers what the walk can not.
  GraphSearch(const Graph& graph, const ItemVectors& vectors,
              const ItemCodes& codes, const CellScan& exact,
              const Options& options);

  size_t Retrieve(const RetrievalQuery& query, RetrievalScratch& scratch,
                  std::span<Candidate> out) const override;
  absl::string_view name() const override { return "graph"; }

 private:
  class Walk;

  const Graph& graph_;
  const ItemVectors& vectors_;
  const ItemCodes& codes_;
  const CellScan& exact_;
  const Options options_;
  const simd::CodeScores scores_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_RETRIEVAL_GRAPH_SEARCH_H_
