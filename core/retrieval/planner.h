// Picks the engine of a request by how many titles are eligible.
#ifndef MARQUEE_CORE_RETRIEVAL_PLANNER_H_
#define MARQUEE_CORE_RETRIEVAL_PLANNER_H_

#include "core/retrieval/exact_scan.h"
#include "core/retrieval/graph_search.h"
#include "core/retrieval/retriever.h"

namespace marquee {

// A walk that collects only eligible titles visits about 1/selectivity times as
// many, a scan of the eligible ones costs what they number: below some share of
// eligible titles the scan is both faster and exact. Immutable after
// construction.
class RetrievalPlanner {
 public:
  struct Options {
    // Scan when at most this share of the titles with a vector is eligible, or
    // at most this many. Larger: more requests are exact. 1: all are.
    float exact_below_share = 0.1f;
    size_t exact_below_titles = 20000;
    GraphSearch::Options graph;
  };

  // The graph and the vectors must outlive it.
  RetrievalPlanner(const Graph& graph, const ItemVectors& vectors,
                   Options options);

  const Retriever& Pick(size_t eligible_count) const;
  const ExactScan& exact() const { return exact_; }

 private:
  const size_t titles_;
  const Options options_;
  const ExactScan exact_;
  const GraphSearch graph_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_RETRIEVAL_PLANNER_H_
