// The memory of one worker thread, reused for each request.
#ifndef MARQUEE_SERVER_SERVICE_WORKER_H_
#define MARQUEE_SERVER_SERVICE_WORKER_H_

#include <cstdint>
#include <memory>

#include "core/pipeline/request.h"
#include "core/pipeline/response.h"
#include "core/pipeline/scratch.h"
#include "core/pipeline/trace.h"
#include "marquee/v1/page_token.pb.h"
#include "server/reload/serving_snapshot.h"
#include "server/service/recommendation_id.h"
#include "server/telemetry/request_metrics.h"

namespace marquee {

// Externally synchronised. Holds no handle of a snapshot between requests, so
// an idle worker keeps no snapshot alive.
struct Worker {
  explicit Worker(RequestMetrics& m) : metrics(m) {}

  // Returns scratch memory that fits the snapshot. Makes it anew if the
  // snapshot has changed.
  PipelineScratch& ScratchFor(const ServingSnapshot& serving) {
    if (generation != serving.generation()) {
      scratch = std::make_unique<PipelineScratch>(
          serving.snapshot(), serving.pipeline().max_candidates());
      generation = serving.generation();
    }
    return *scratch;
  }

  RequestMetrics& metrics;
  RecommendationIds ids;
  v1::PageToken page;  // of the request, which has views into it
  RecommendRequest request;
  RecommendResponse response;
  Trace trace;
  uint64_t generation = 0;  // of the snapshot that the scratch memory fits
  std::unique_ptr<PipelineScratch> scratch;
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_SERVICE_WORKER_H_
