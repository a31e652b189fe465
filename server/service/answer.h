// Answers one request on a worker: wire, pipeline, wire, metrics. No gRPC.
//
//   const Turn turn{.serving = *handle,
//                   .now = clock.Now(),
//                   .deadline = deadline,
//                   .queue_wait = waited};
//   MARQUEE_RETURN_IF_ERROR(Answer(request, turn, worker, response));
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

// The circumstances in which a request reached its worker.
struct Turn {
  ServingSnapshot& serving;
  absl::Time now;  // of the wall clock: the moment for licences
  SteadyTime deadline;
  Tier best_tier = Tier::kFull;
  absl::Duration queue_wait;
};

// Fill `answer`, which must be empty. Errors: those of Pipeline::Recommend; for
// Explain, fields are named with "request." in front. Requires:
// CheckRequest(request).ok().
absl::Status Answer(const v1::RecommendRequest& request, const Turn& turn,
                    Worker& worker, v1::RecommendResponse& answer);
absl::Status Answer(const v1::SimilarItemsRequest& request, const Turn& turn,
                    Worker& worker, v1::RecommendResponse& answer);
absl::Status Answer(const v1::ExplainRequest& request, const Turn& turn,
                    Worker& worker, v1::ExplainResponse& answer);

}  // namespace marquee

#endif  // MARQUEE_SERVER_SERVICE_ANSWER_H_
