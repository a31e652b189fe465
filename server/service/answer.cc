#include "server/service/answer.h"

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "server/service/answer_writer.h"
#include "server/service/explanation_writer.h"
#include "server/service/request_reader.h"

namespace marquee {
namespace {

template <typename WireRequest>
absl::Status Recommend(const WireRequest& request, const Turn& turn,
                       Worker& worker, Trace* trace,
                       v1::RecommendResponse& answer) {
  worker.request.now = turn.now;
  worker.request.deadline = turn.deadline;
  worker.request.best_tier = turn.best_tier;
  ReadRequest(request, worker.request);
  MARQUEE_RETURN_IF_ERROR(turn.serving.pipeline().Recommend(
      worker.request, worker.ScratchFor(turn.serving), worker.response, trace));
  worker.metrics.Served(worker.response);
  turn.serving.served().Count(worker.response.items);
  worker.ids.Next(*answer.mutable_recommendation_id());
  WriteAnswer(turn.serving.snapshot(), worker.response, answer);
  if (request.include_timings()) {
    WriteTimings(turn.queue_wait, worker.response, answer);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Answer(const v1::RecommendRequest& request, const Turn& turn,
                    Worker& worker, v1::RecommendResponse& answer) {
  return Recommend(request, turn, worker, nullptr, answer);
}

absl::Status Answer(const v1::SimilarItemsRequest& request, const Turn& turn,
                    Worker& worker, v1::RecommendResponse& answer) {
  return Recommend(request, turn, worker, nullptr, answer);
}

absl::Status Answer(const v1::ExplainRequest& request, const Turn& turn,
                    Worker& worker, v1::ExplainResponse& answer) {
  const absl::Status status =
      Recommend(request.request(), turn, worker, &worker.trace,
                *answer.mutable_response());
  if (!status.ok()) {
    return absl::Status(status.code(),
                        absl::StrCat("request.", status.message()));
  }
  WriteExplanation({.pipeline = turn.serving.pipeline(),
                    .request = worker.request,
                    .scratch = *worker.scratch,
                    .response = worker.response,
                    .trace = worker.trace},
                   request, answer);
  return absl::OkStatus();
}

}  // namespace marquee
