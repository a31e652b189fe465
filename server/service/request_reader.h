// Reads the wire's request into the pipeline's.
#ifndef MARQUEE_SERVER_SERVICE_REQUEST_READER_H_
#define MARQUEE_SERVER_SERVICE_REQUEST_READER_H_

#include "core/pipeline/request.h"
#include "marquee/v1/page_token.pb.h"
#include "marquee/v1/recommendation_service.pb.h"

namespace marquee {

// Overwrites every field of `request` but deadline and best_tier, and `now`
// only if the wire overrides it. `page`: the content of the request's token;
// empty for a first page. Views point into `wire` and `page`, which must
// outlive the use of `request`. Requires: CheckRequest(wire).ok().
void ReadRequest(const v1::RecommendRequest& wire, const v1::PageToken& page,
                 RecommendRequest& request);
void ReadRequest(const v1::SimilarItemsRequest& wire, const v1::PageToken& page,
                 RecommendRequest& request);

}  // namespace marquee

#endif  // MARQUEE_SERVER_SERVICE_REQUEST_READER_H_
