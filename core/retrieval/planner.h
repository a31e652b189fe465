// Selects the engine of a request by the number of eligible items.
#ifndef MARQUEE_CORE_RETRIEVAL_PLANNER_H_
#define MARQUEE_CORE_RETRIEVAL_PLANNER_H_

#include <cstddef>

#include "core/retrieval/cell_scan.h"
#include "core/retrieval/graph_search.h"
#include "core/retrieval/retrieval_index.h"
#include "core/retrieval/retrieval_plan.h"
#include "core/retrieval/retriever.h"

namespace marquee {

// Holds the engines over one index and the plan that selects among them.
// Immutable after construction.
class RetrievalPlanner {
 public:
  // The objects of the index must outlive the planner. Requires: the index has
  // what the plan uses.
  RetrievalPlanner(const RetrievalIndex& index, const RetrievalPlan& plan);
  // Not copyable: the engines refer to each other.
  RetrievalPlanner(const RetrievalPlanner&) = delete;
  RetrievalPlanner& operator=(const RetrievalPlanner&) = delete;

  RetrievalEngine Pick(size_t eligible_count) const {
    return plan_.Pick(eligible_count);
  }
  const Retriever& engine(RetrievalEngine engine) const;
  // Whether the index has what the engine needs.
  bool Has(RetrievalEngine engine) const;
  const RetrievalPlan& plan() const { return plan_; }

 private:
  const RetrievalPlan plan_;
  const bool has_graph_;
  const CellScan exact_;
  const CellScan cells_;
  const GraphSearch graph_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_RETRIEVAL_PLANNER_H_
