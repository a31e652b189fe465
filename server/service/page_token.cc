#include "server/service/page_token.h"

#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "core/base/check.h"
#include "core/base/request_limits.h"
#include "server/service/wire_check.h"

namespace marquee {
namespace {

std::optional<v1::PageToken> Parse(const std::string& token) {
  std::string bytes;
  v1::PageToken page;
  if (token.size() > kMaxPageTokenBytes ||
      !absl::WebSafeBase64Unescape(token, &bytes) ||
      // A token is a message inside a field, which the check of the request
      // does not enter.
      !CheckWire(bytes, *v1::PageToken::descriptor()).ok() ||
      !page.ParseFromString(bytes) || page.shown_item_ids().empty()) {
    return std::nullopt;
  }
  for (const std::string& id : page.shown_item_ids()) {
    if (id.empty() || id.size() > kMaxIdBytes) return std::nullopt;
  }
  // The next token would carry them on.
  page.DiscardUnknownFields();
  return page;
}

}  // namespace

absl::Status CheckPageToken(const std::string& token) {
  if (token.empty() || Parse(token)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "page_token: is not a next_page_token of this API, or was changed");
}

v1::PageToken ReadPageToken(const std::string& token) {
  if (token.empty()) return {};
  std::optional<v1::PageToken> page = Parse(token);
  MARQUEE_CHECK(page.has_value());
  return *std::move(page);
}

std::string WritePageToken(const v1::PageToken& page) {
  return absl::WebSafeBase64Escape(page.SerializeAsString());
}

}  // namespace marquee
