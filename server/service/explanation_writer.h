// Writes the pipeline's explanation to the wire's message.
#ifndef MARQUEE_SERVER_SERVICE_EXPLANATION_WRITER_H_
#define MARQUEE_SERVER_SERVICE_EXPLANATION_WRITER_H_

#include "core/pipeline/explain.h"
#include "marquee/v1/recommendation_service.pb.h"

namespace marquee {

// Writes everything but `response`. Writes one outcome for each of
// wire_request's item_ids.
void WriteExplanation(const TracedAnswer& answer,
                      const v1::ExplainRequest& wire_request,
                      v1::ExplainResponse& wire);

}  // namespace marquee

#endif  // MARQUEE_SERVER_SERVICE_EXPLANATION_WRITER_H_
