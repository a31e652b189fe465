#include "server/service/request_reader.h"

#include <algorithm>
#include <optional>

#include "absl/time/time.h"
#include "core/base/request_limits.h"

namespace marquee {
namespace {

void ReadFilters(const v1::RequestContext& context, RecommendRequest& request) {
  request.filters.clear();
  for (const v1::AttributeFilter& filter : context.filters()) {
    request.filters.push_back(
        {.attribute = filter.attribute(),
         .any_of = {filter.any_of().begin(), filter.any_of().end()}});
  }
}

void ReadEvents(const v1::RequestContext& context, RecommendRequest& request) {
  request.recent_events.clear();
  for (const v1::Event& event : context.recent_events()) {
    request.recent_events.push_back(
        {.item_id = event.item_id(),
         .weight = event.weight() == 0 ? 1 : event.weight()});
  }
}

void ReadContext(const v1::RequestContext& context, RecommendRequest& request) {
  request.user_id = context.user_id();
  request.country = context.country();
  request.device = context.device();
  request.language = context.language();
  request.scene = context.scene();
  request.local_hour = context.has_local_hour()
                           ? std::optional<int>(context.local_hour())
                           : std::nullopt;
  request.maturity_limit = context.has_maturity_limit()
                               ? std::optional<int>(context.maturity_limit())
                               : std::nullopt;
  request.seen = context.only_seen()      ? SeenItems::kOnly
                 : context.include_seen() ? SeenItems::kIncluded
                                          : SeenItems::kLeftOut;
  request.exclude.assign(context.exclude_item_ids().begin(),
                         context.exclude_item_ids().end());
  ReadEvents(context, request);
  ReadFilters(context, request);
  if (context.has_time_override()) {
    request.now = absl::FromUnixSeconds(context.time_override().seconds()) +
                  absl::Nanoseconds(context.time_override().nanos());
  }
}

void ReadPage(int limit, const v1::PageToken& page, RecommendRequest& request) {
  request.shown.assign(page.shown_item_ids().begin(),
                       page.shown_item_ids().end());
  // At least 1: a token holds at most kMaxLimit - 1 ids (wire_check.cc).
  const int left = kMaxLimit - page.shown_item_ids_size();
  request.limit =
      static_cast<size_t>(std::min(limit == 0 ? kDefaultLimit : limit, left));
}

}  // namespace

void ReadRequest(const v1::RecommendRequest& wire, const v1::PageToken& page,
                 RecommendRequest& request) {
  ReadContext(wire.context(), request);
  ReadPage(wire.limit(), page, request);
  request.similar_to = {};
  request.sources.clear();
  for (const int source : wire.sources()) {
    // The wire's enumeration has one more value in front.
    request.sources.push_back(static_cast<Source>(source - 1));
  }
  request.embedding = {wire.user_embedding().data(),
                       static_cast<size_t>(wire.user_embedding_size())};
}

void ReadRequest(const v1::SimilarItemsRequest& wire, const v1::PageToken& page,
                 RecommendRequest& request) {
  ReadContext(wire.context(), request);
  ReadPage(wire.limit(), page, request);
  request.similar_to = wire.item_id();
  request.sources.clear();
  request.embedding = {};
}

}  // namespace marquee
