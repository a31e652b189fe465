// The graph engine: walks over the neighbour graph and scores items by their
// codes.
#ifndef MARQUEE_CORE_RETRIEVAL_GRAPH_SEARCH_H_
#define MARQUEE_CORE_RETRIEVAL_GRAPH_SEARCH_H_

#include "core/catalog/item_vectors.h"
#include "core/retrieval/cell_scan.h"
#include "core/retrieval/graph.h"
#include "core/retrieval/item_codes.h"
#include "core/retrieval/retriever.h"
#include "core/simd/code_scan.h"

namespace marquee {

// The search of level 0 of HNSW (Malkov and Yashunin, arXiv:1603.09320),
// changed for filters and batches:
// 1. Start at all entry points. Keep the `width` best eligible items met so
//    far.
// 2. Expand the best items, several at once: list and prefetch their neighbours
//    that were not met yet, then score all of these. The walk goes through
//    items that are not eligible but keeps only eligible ones.
// 3. Stop when no item is left to expand that is as good as those kept.
// 4. Compute the best exactly.
//
// If only slightly more than `width` items are eligible, or the walk ends with
// fewer items than it owes, the exact engine answers instead. All references
// must outlive the engine. Immutable after construction.
class GraphSearch final : public Retriever {
 public:
  struct Options {
    // Width of the search at effort 1, as a multiple of k. Larger: better
    // recall, slower. At least 1.
    float width_per_k = 1.3f;
    simd::Isa isa = simd::BestIsa();
  };

  // `exact` answers the queries that the walk can not.
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
