// Makes a plan from what the engines cost on this machine.
#ifndef MARQUEE_CORE_RETRIEVAL_PLAN_MEASUREMENT_H_
#define MARQUEE_CORE_RETRIEVAL_PLAN_MEASUREMENT_H_

#include <cstddef>
#include <vector>

#include "absl/time/time.h"
#include "core/retrieval/retrieval_index.h"
#include "core/retrieval/retrieval_plan.h"
#include "core/retrieval/user_vectors.h"

namespace marquee {

// What one engine takes for one query.
struct EngineCost {
  RetrievalEngine engine;
  size_t eligible;
  absl::Duration time;
};

// Times every engine of the index with the vectors of a few users (of titles,
// when there are no users) at random filters of each magnitude that `k` of
// these titles has more than one engine for. About 50 ms for 500 thousand
// titles.
std::vector<EngineCost> MeasureCosts(const RetrievalIndex& index,
                                     const UserVectors& users, size_t k);

// The exact scan up to the largest magnitude at which it costs at most a tenth
// more than the cheapest engine, and from there on the cheapest. Magnitudes
// that were not measured: below, the exact scan; above, what the largest of
// them has.
RetrievalPlan ChoosePlan(const std::vector<EngineCost>& costs);

}  // namespace marquee

#endif  // MARQUEE_CORE_RETRIEVAL_PLAN_MEASUREMENT_H_
