// Offers the last retrieval of a worker to the recall monitor.
#ifndef MARQUEE_SERVER_SERVICE_RECALL_PROBE_H_
#define MARQUEE_SERVER_SERVICE_RECALL_PROBE_H_

#include "server/quality/recall_monitor.h"
#include "server/reload/published.h"
#include "server/service/worker.h"

namespace marquee {

// Copies it from the worker's scratch memory, in about ten microseconds. Does
// nothing if retrieval did not run or ran in a lower tier.
inline void OfferProbe(const Worker& worker, const Published::Handle& serving,
                       RecallMonitor& recall) {
  const RecommendResponse& response = worker.response;
  if (!response.engine || response.tier != Tier::kFull) return;
  const PipelineScratch& scratch = *worker.scratch;
  recall.Offer(
      {.owner = serving,
       .generation = serving->generation(),
       .vectors = &serving->snapshot().item_vectors(),
       .query = {scratch.user.vector.begin(), scratch.user.vector.end()},
       .eligible = {scratch.eligible.retrievable.begin(),
                    scratch.eligible.retrievable.end()},
       .eligible_count = scratch.eligible.retrievable_count,
       .k = serving->pipeline().max_candidates(),
       .engine = *response.engine,
       .found = scratch.retrieved});
}

}  // namespace marquee

#endif  // MARQUEE_SERVER_SERVICE_RECALL_PROBE_H_
