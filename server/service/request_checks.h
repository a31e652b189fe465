// The limits that the proto file states, checked before anything else.
#ifndef MARQUEE_SERVER_SERVICE_REQUEST_CHECKS_H_
#define MARQUEE_SERVER_SERVICE_REQUEST_CHECKS_H_

#include "absl/status/status.h"
#include "marquee/v1/recommendation_service.pb.h"

namespace marquee {

// Errors: InvalidArgument that names the first invalid field, its value and the
// values that it may have, for example "context.recent_events[3].item_id: has
// 200 bytes, at most 128". The pipeline checks what depends on the snapshot:
// the length of user_embedding and the attributes of filters.
absl::Status CheckRequest(const v1::RecommendRequest& request);
absl::Status CheckRequest(const v1::SimilarItemsRequest& request);
absl::Status CheckRequest(const v1::ExplainRequest& request);

}  // namespace marquee

#endif  // MARQUEE_SERVER_SERVICE_REQUEST_CHECKS_H_
