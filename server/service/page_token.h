// The token by which a caller asks for the next page of a list: the items that
// the pages before have shown, so that the next page repeats none and the caps
// count them. It depends on no snapshot and no server: any replica continues
// the list.
#ifndef MARQUEE_SERVER_SERVICE_PAGE_TOKEN_H_
#define MARQUEE_SERVER_SERVICE_PAGE_TOKEN_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "marquee/v1/page_token.pb.h"

namespace marquee {

// InvalidArgument that names page_token when it is not empty and not a token of
// this API.
absl::Status CheckPageToken(const std::string& token);

// Requires: CheckPageToken(token).ok().
v1::PageToken ReadPageToken(const std::string& token);

// Text of letters, digits, '-' and '_'.
std::string WritePageToken(const v1::PageToken& page);

}  // namespace marquee

#endif  // MARQUEE_SERVER_SERVICE_PAGE_TOKEN_H_
