// The limits that the proto file states, checked before anything else is done.
#ifndef MARQUEE_SERVER_SERVICE_REQUEST_CHECKS_H_
#define MARQUEE_SERVER_SERVICE_REQUEST_CHECKS_H_

#include "absl/status/status.h"
#include "marquee/v1/recommendation_service.pb.h"

namespace marquee {

// InvalidArgument that names the first field which is wrong, what it has and
// what it may have, for example "recent_events[3].item_id: has 200 bytes, at
// most 128". What depends on the snapshot (the length of user_embedding, the
// attributes of filters) is checked by the pipeline.
absl::Status CheckRequest(const v1::RecommendRequest& request);
absl::Status CheckRequest(const v1::SimilarItemsRequest& request);
absl::Status CheckRequest(const v1::ExplainRequest& request);

}  // namespace marquee

#endif  // MARQUEE_SERVER_SERVICE_REQUEST_CHECKS_H_
