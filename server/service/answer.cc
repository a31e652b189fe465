#include "server/service/answer.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/base/request_limits.h"
#include "core/base/status_macros.h"
#include "server/service/answer_writer.h"
#include "server/service/explanation_writer.h"
#include "server/service/page_token.h"
#include "server/service/request_reader.h"

namespace marquee {
namespace {

// A list ends where nothing is left that may be shown or that the caps allow,
// and at the longest list. A deadline ends a page, not the list.
bool HasNextPage(const RecommendResponse& response, int placed) {
  if (response.eligible <= response.items.size() || placed >= kMaxLimit) {
    return false;
  }
  if (response.items.size() == response.requested) return true;
  const auto is_late = [](const Degradation& degradation) {
    return degradation.cause == Degradation::Cause::kDeadline;
  };
  return std::any_of(response.degradations.begin(), response.degradations.end(),
                     is_late);
}

void WriteNextPage(const RecommendResponse& response, v1::PageToken page,
                   uint64_t list, v1::RecommendResponse& answer) {
  for (const v1::RecommendedItem& item : answer.items()) {
    page.add_shown_item_ids(item.item_id());
  }
  if (!HasNextPage(response, page.shown_item_ids_size())) return;
  answer.set_next_page_token(WritePageToken(std::move(page), list));
}

template <typename WireRequest>
absl::Status Recommend(const WireRequest& request, const Turn& turn,
                       Worker& worker, Trace* trace,
                       v1::RecommendResponse& answer) {
  worker.request.now = turn.now;
  worker.request.deadline = turn.deadline;
  worker.request.best_tier = turn.best_tier;
  worker.page = ReadPageToken(request.page_token());
  ReadRequest(request, worker.page, worker.request);
  MARQUEE_RETURN_IF_ERROR(turn.serving.pipeline().Recommend(
      worker.request, worker.ScratchFor(turn.serving), worker.response, trace));
  worker.metrics.Served(worker.response);
  turn.serving.served().Count(worker.response.items);
  worker.ids.Next(*answer.mutable_recommendation_id());
  WriteAnswer(turn.serving.snapshot(), worker.response, answer);
  answer.set_client_request_id(request.context().client_request_id());
  if (request.want_next_page()) {
    // Copies the page: the request has views into the worker's.
    WriteNextPage(worker.response, worker.page, ListOf(request), answer);
  }
  if (request.context().include_timings()) {
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
