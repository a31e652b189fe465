// The token with which a caller requests the next page of a list. It holds the
// items on the pages before, so that the next page repeats none and the caps
// count them. It does not depend on a snapshot or a server: any replica
// continues the list. A checksum ties it to its list. It finds mistakes; it is
// no protection, since a token gives no rights.
//
//   MARQUEE_RETURN_IF_ERROR(
//       CheckPageToken(request.page_token(), ListOf(request)));
//   v1::PageToken page = ReadPageToken(request.page_token());
#ifndef MARQUEE_SERVER_SERVICE_PAGE_TOKEN_H_
#define MARQUEE_SERVER_SERVICE_PAGE_TOKEN_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "marquee/v1/page_token.pb.h"
#include "marquee/v1/recommendation_service.pb.h"

namespace marquee {

// Returns a hash of the parts of a request that a token is checked against: the
// call, user_id, the item of SimilarItems, the sources in any order, and the
// filters in any order of them and of their values. Other fields are not in it.
// Callers must keep them, too, but for `limit`, exclusions and recent events,
// which may change from page to page. Requires: sources of 0 to 63, which the
// checks of requests ensure.
uint64_t ListOf(const v1::RecommendRequest& request);
uint64_t ListOf(const v1::SimilarItemsRequest& request);

// Errors: InvalidArgument that names page_token if it is not empty and not a
// token of this list.
absl::Status CheckPageToken(const std::string& token, uint64_t list);

// Requires: CheckPageToken was ok.
v1::PageToken ReadPageToken(const std::string& token);

// Returns text of letters, digits, '-' and '_'. Sets the checksum.
std::string WritePageToken(v1::PageToken page, uint64_t list);

}  // namespace marquee

#endif  // MARQUEE_SERVER_SERVICE_PAGE_TOKEN_H_
