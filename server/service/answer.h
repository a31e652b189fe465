// Answers one request on a worker: wire, pipeline, wire, metrics. No gRPC.
#ifndef MARQUEE_SERVER_SERVICE_ANSWER_H_
#define MARQUEE_SERVER_SERVICE_ANSWER_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "core/pipeline/response.h"
#include "marquee/v1/recommendation_service.pb.h"
#include "server/reload/serving_snapshot.h"
#include "server/service/worker.h"

namespace marquee {

// How a request came to its worker.
struct Turn {
  ServingSnapshot& serving;
  absl::Time now;  // of the wall: what licences are asked about
  SteadyTime deadline;
  Tier best_tier = Tier::kFull;
  absl::Duration queue_wait;
};

// Fill `answer`, which must be empty. Errors: those of Pipeline::Recommend;
// fields of Explain are named with "request." in front.
// Requires: CheckRequest(request).ok().
absl::Status Answer(const v1::RecommendRequest& request, const Turn& turn,
                    Worker& worker, v1::RecommendResponse& answer);
absl::Status Answer(const v1::SimilarItemsRequest& request, const Turn& turn,
                    Worker& worker, v1::RecommendResponse& answer);
absl::Status Answer(const v1::ExplainRequest& request, const Turn& turn,
                    Worker& worker, v1::ExplainResponse& answer);

}  // namespace marquee

#endif  // MARQUEE_SERVER_SERVICE_ANSWER_H_
