// The token with which a caller requests the next page of a list. It holds the
// items on the pages before, so that the next page repeats none and the caps
// count them. It does not depend on a snapshot or a server: any replica
// continues the list.
#ifndef MARQUEE_SERVER_SERVICE_PAGE_TOKEN_H_
#define MARQUEE_SERVER_SERVICE_PAGE_TOKEN_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "marquee/v1/page_token.pb.h"

namespace marquee {

// Errors: InvalidArgument that names page_token if it is not empty and not a
// token of this API.
absl::Status CheckPageToken(const std::string& token);

// Requires: CheckPageToken(token).ok().
v1::PageToken ReadPageToken(const std::string& token);

// Returns text of letters, digits, '-' and '_'.
std::string WritePageToken(const v1::PageToken& page);

}  // namespace marquee

#endif  // MARQUEE_SERVER_SERVICE_PAGE_TOKEN_H_
