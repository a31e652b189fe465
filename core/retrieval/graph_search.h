// The graph engine: a best-first walk over the neighbour graph.
#ifndef MARQUEE_CORE_RETRIEVAL_GRAPH_SEARCH_H_
#define MARQUEE_CORE_RETRIEVAL_GRAPH_SEARCH_H_

#include "core/retrieval/exact_scan.h"
#include "core/retrieval/graph.h"
#include "core/retrieval/item_vectors.h"
#include "core/retrieval/retriever.h"

namespace marquee {

// The walk goes through titles that are not eligible but collects only eligible
// ones: it keeps the `width` best eligible titles met so far and ends when the
// best title not yet expanded is worse than all of them. When it ends with
// fewer than it owes, the exact engine answers instead. The graph and the
// vectors must outlive it. Immutable after construction.
class GraphSearch final : public Retriever {
 public:
  struct Options {
    // Width of the search as a multiple of k at effort 1. More: better recall,
    // slower. At least 1.
    float width_per_k = 1.3f;
  };

  GraphSearch(const Graph& graph, const ItemVectors& vectors, Options options);

  size_t Retrieve(const RetrievalQuery& query, RetrievalScratch& scratch,
                  std::span<Candidate> out) const override;
  absl::string_view name() const override { return "graph"; }

 private:
  void Walk(const RetrievalQuery& query, size_t width,
            RetrievalScratch& scratch) const;

  const Graph& graph_;
  const ItemVectors& vectors_;
  const Options options_;
  const ExactScan exact_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_RETRIEVAL_GRAPH_SEARCH_H_
