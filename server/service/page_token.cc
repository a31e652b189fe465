#include "server/service/page_token.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
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

uint64_t AddNumber(uint64_t hash, uint64_t number) {
  return Add(hash, absl::StrCat(number));
}

// Clients keep values and filters in sets and maps, whose order is another one
// at the next call, so both are sorted. Each filter has a hash of its own, and
// counts say where values and filters end.
uint64_t HashOf(const v1::AttributeFilter& filter) {
  std::vector<absl::string_view> values(filter.any_of().begin(),
                                        filter.any_of().end());
  std::sort(values.begin(), values.end());
  uint64_t hash = AddNumber(Add(0, filter.attribute()), values.size());
  for (const absl::string_view value : values) hash = Add(hash, value);
  return hash;
}

uint64_t AddContext(uint64_t hash, const v1::RequestContext& context) {
  std::vector<uint64_t> filters;
  for (const v1::AttributeFilter& filter : context.filters()) {
    filters.push_back(HashOf(filter));
  }
  std::sort(filters.begin(), filters.end());
  hash = AddNumber(Add(hash, context.user_id()), filters.size());
  for (const uint64_t filter : filters) hash = AddNumber(hash, filter);
  return hash;
}

uint64_t ChecksumOf(const v1::PageToken& page, uint64_t list) {
  uint64_t hash = list;
  for (const std::string& id : page.shown_item_ids()) hash = Add(hash, id);
  return hash;
}

}  // namespace

uint64_t ListOf(const v1::RecommendRequest& request) {
  uint64_t sources = 0;  // a set of bits, which has no order
  for (const int source : request.sources()) sources |= uint64_t{1} << source;
  return AddContext(AddNumber(Add(0, "Recommend"), sources), request.context());
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
        "page_token: was changed, or is of another list: the call, user_id, "
        "the item of SimilarItems, the sources and the filters must be those "
        "of the page before");
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
