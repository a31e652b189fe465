// From the wire's request to the pipeline's.
#ifndef MARQUEE_SERVER_SERVICE_REQUEST_READER_H_
#define MARQUEE_SERVER_SERVICE_REQUEST_READER_H_

#include "core/pipeline/request.h"
#include "marquee/v1/recommendation_service.pb.h"

namespace marquee {

// Overwrites every field of `request` but deadline, best_tier, and now where
// the wire does not override it. Views point into `wire`, which must outlive
// the use of `request`. Requires: CheckRequest(wire).ok().
void ReadRequest(const v1::RecommendRequest& wire, RecommendRequest& request);
void ReadRequest(const v1::SimilarItemsRequest& wire,
                 RecommendRequest& request);

}  // namespace marquee

#endif  // MARQUEE_SERVER_SERVICE_REQUEST_READER_H_
