#include "core/retrieval/planner.h"

namespace marquee {

RetrievalPlanner::RetrievalPlanner(const Graph& graph,
                                   const ItemVectors& vectors, Options options)
    : titles_(vectors.size()),
      options_(options),
      exact_(vectors),
      graph_(graph, vectors, options.graph) {}

const Retriever& RetrievalPlanner::Pick(size_t eligible_count) const {
  const float share = options_.exact_below_share * static_cast<float>(titles_);
  const bool few = eligible_count <= options_.exact_below_titles ||
                   static_cast<float>(eligible_count) <= share;
  if (few) return exact_;
  return graph_;
}

}  // namespace marquee
