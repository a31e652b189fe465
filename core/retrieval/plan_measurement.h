// Makes a plan from what the engines cost on this machine.
#ifndef MARQUEE_CORE_RETRIEVAL_PLAN_MEASUREMENT_H_
#define MARQUEE_CORE_RETRIEVAL_PLAN_MEASUREMENT_H_

#include <cstddef>
#include <vector>

#include "absl/time/time.h"
#include "core/retrieval/retrieval_index.h"
#include "core/retrieval/retrieval_plan.h"
#include "core/users/user_vectors.h"

namespace marquee {

// The processor time that one engine takes for one query.
struct EngineCost {
  RetrievalEngine engine;
  size_t eligible;
  absl::Duration time;
};

// Times the engines of the index with the vectors of a few users (of titles,
// when there are no users) at random filters of each magnitude that `k` of
// these titles has more than one engine for. An engine that takes several times
// as long as another is given up after one query, which is its cost then.
std::vector<EngineCost> MeasureCosts(const RetrievalIndex& index,
                                     const UserVectors& users, size_t k);

// The exact scan while it costs at most a tenth more than the cheapest engine,
// and from there on the cheapest; a magnitude at which it costs more does not
// count when it costs less at the next. Magnitudes that were not measured:
// below, the exact scan; above, what the largest of them has.
RetrievalPlan ChoosePlan(const std::vector<EngineCost>& costs);

}  // namespace marquee

#endif  // MARQUEE_CORE_RETRIEVAL_PLAN_MEASUREMENT_H_
