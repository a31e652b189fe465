// Measures the cost of the engines on this machine and makes a plan from it.
//
// The algorithm:
// 1. For each magnitude of eligible items (see RetrievalPlan) above 4 k, draw a
//    random filter and time each engine with the vectors of a few users.
// 2. Use the exact scan up to the last magnitude where it costs at most a tenth
//    more than the cheapest other engine. A single loss below does not count;
//    after two losses in a row, a later win is noise and does not count.
// 3. Use the cheapest other engine above.
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

// Times the engines of the index. Uses the vectors of a few users, or of items
// if there are no users. Measures at each magnitude from the one after that of
// 4 k up to that of all items, with a random filter. Gives up an engine that
// takes more than four times as long as a faster one after one query, and
// reports that query as its cost.
std::vector<EngineCost> MeasureCosts(const RetrievalIndex& index,
                                     const UserVectors& users, size_t k);

// Returns a plan with the exact scan up to the last magnitude where it costs at
// most a tenth more than the cheapest other engine, and the cheapest other
// engine above. A magnitude at which the exact scan costs more does not count
// if it costs less at the next. Magnitudes below the measured ones get the
// exact scan; those above get the engine of the largest measured one.
RetrievalPlan ChoosePlan(const std::vector<EngineCost>& costs);

}  // namespace marquee

#endif  // MARQUEE_CORE_RETRIEVAL_PLAN_MEASUREMENT_H_
