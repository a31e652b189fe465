#include "server/service/page_token.h"

#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "core/base/check.h"
#include "core/base/checksum.h"
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

// Hashes texts one after the other, each with its length, so that no two lists
// of texts run together.
uint64_t Add(uint64_t hash, absl::string_view text) {
  return Checksum64(text, hash ^ text.size());
}

uint64_t AddContext(uint64_t hash, const v1::RequestContext& context) {
  hash = Add(hash, context.user_id());
  for (const v1::AttributeFilter& filter : context.filters()) {
    hash = Add(hash, filter.attribute());
    for (const std::string& value : filter.any_of()) hash = Add(hash, value);
  }
  return hash;
}

uint64_t ChecksumOf(const v1::PageToken& page, uint64_t list) {
  uint64_t hash = list;
  for (const std::string& id : page.shown_item_ids()) hash = Add(hash, id);
  return hash;
}

}  // namespace

uint64_t ListOf(const v1::RecommendRequest& request) {
  return AddContext(Add(0, "Recommend"), request.context());
}

uint64_t ListOf(const v1::SimilarItemsRequest& request) {
  return AddContext(Add(Add(0, "SimilarItems"), request.item_id()),
                    request.context());
}

absl::Status CheckPageToken(const std::string& token, uint64_t list) {
  if (token.empty()) return absl::OkStatus();
  const std::optional<v1::PageToken> page = Parse(token);
  if (!page) {
    return absl::InvalidArgumentError(
        "page_token: is not a next_page_token of this API, or was changed");
  }
  if (page->checksum() != ChecksumOf(*page, list)) {
    return absl::InvalidArgumentError(
        "page_token: was changed, or is of another list: the call, the user or "
        "item, and the filters must be those of the page before");
  }
  return absl::OkStatus();
}

v1::PageToken ReadPageToken(const std::string& token) {
  if (token.empty()) return {};
  std::optional<v1::PageToken> page = Parse(token);
  MARQUEE_CHECK(page.has_value());
  return *std::move(page);
}

std::string WritePageToken(v1::PageToken page, uint64_t list) {
  page.set_checksum(ChecksumOf(page, list));
  return absl::WebSafeBase64Escape(page.SerializeAsString());
}

}  // namespace marquee
