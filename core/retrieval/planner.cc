#include "core/retrieval/planner.h"

namespace marquee {

RetrievalPlanner::RetrievalPlanner(const RetrievalIndex& index,
                                   const RetrievalPlan& plan)
    : plan_(plan),
      has_graph_(!index.graph.empty()),
      exact_(index.vectors, index.codes, index.cells, {.name = "exact"}),
      cells_(index.vectors, index.codes, index.cells,
             {.stop_share = index.cells.stop_share(), .name = "cells"}),
      graph_(index.graph, index.vectors, index.codes, exact_,
             {.width_per_k = index.graph.width_per_k()}) {}

const Retriever& RetrievalPlanner::engine(RetrievalEngine engine) const {
  switch (engine) {
    case RetrievalEngine::kExact:
      break;
    case RetrievalEngine::kCells:
      return cells_;
    case RetrievalEngine::kGraph:
      return graph_;
  }
  return exact_;
}

bool RetrievalPlanner::Has(RetrievalEngine engine) const {
  return engine != RetrievalEngine::kGraph || has_graph_;
}

}  // namespace marquee
