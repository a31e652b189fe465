// From the pipeline's trace to the wire's explanation.
#ifndef MARQUEE_SERVER_SERVICE_EXPLANATION_WRITER_H_
#define MARQUEE_SERVER_SERVICE_EXPLANATION_WRITER_H_

#include "core/pipeline/pipeline.h"
#include "marquee/v1/recommendation_service.pb.h"

namespace marquee {

// What Recommend(request, scratch, response, &trace) left behind; all of it
// must be as that call left it.
struct TracedAnswer {
  const Pipeline& pipeline;
  const RecommendRequest& request;
  const PipelineScratch& scratch;
  const RecommendResponse& response;
  const Trace& trace;
};

// Writes everything but `response`; one fate for each of wire_request's
// item_ids.
void WriteExplanation(const TracedAnswer& answer,
                      const v1::ExplainRequest& wire_request,
                      v1::ExplainResponse& wire);

}  // namespace marquee

#endif  // MARQUEE_SERVER_SERVICE_EXPLANATION_WRITER_H_
