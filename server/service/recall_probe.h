// Offers what a worker has just retrieved to the monitor of recall.
#ifndef MARQUEE_SERVER_SERVICE_RECALL_PROBE_H_
#define MARQUEE_SERVER_SERVICE_RECALL_PROBE_H_

#include "server/quality/recall_monitor.h"
#include "server/reload/published.h"
#include "server/service/worker.h"

namespace marquee {

// Copies it from the worker's scratch memory, some ten microseconds. Nothing
// when retrieval did not run or was to be cheaper than it is set up for.
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
       .engine = *response.engine,
       .found = scratch.candidates});
}

}  // namespace marquee

#endif  // MARQUEE_SERVER_SERVICE_RECALL_PROBE_H_
