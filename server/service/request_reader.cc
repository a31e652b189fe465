#include "server/service/request_reader.h"

#include <optional>

#include "absl/time/time.h"
#include "core/base/request_limits.h"

namespace marquee {
namespace {

void ReadContext(const v1::Context& context, RecommendRequest& request) {
  request.country = context.country();
  request.device = context.device();
  request.language = context.language();
  request.local_hour = context.has_local_hour()
                           ? std::optional<int>(context.local_hour())
                           : std::nullopt;
  request.maturity_limit = context.has_maturity_limit()
                               ? std::optional<int>(context.maturity_limit())
                               : std::nullopt;
}

template <typename Wire>
void ReadFilters(const Wire& wire, RecommendRequest& request) {
  request.filters.clear();
  for (const v1::AttributeFilter& filter : wire.filters()) {
    request.filters.push_back(
        {.attribute = filter.attribute(),
         .any_of = {filter.any_of().begin(), filter.any_of().end()}});
  }
}

template <typename Wire>
void ReadCommon(const Wire& wire, RecommendRequest& request) {
  request.user_id = wire.user_id();
  request.scene = wire.scene();
  request.limit =
      wire.limit() == 0 ? kDefaultLimit : static_cast<size_t>(wire.limit());
  request.seen = wire.only_seen()      ? SeenTitles::kOnly
                 : wire.include_seen() ? SeenTitles::kIncluded
                                       : SeenTitles::kLeftOut;
  ReadContext(wire.context(), request);
  request.exclude.assign(wire.exclude_item_ids().begin(),
                         wire.exclude_item_ids().end());
  ReadFilters(wire, request);
  if (wire.has_time_override()) {
    request.now = absl::FromUnixSeconds(wire.time_override().seconds()) +
                  absl::Nanoseconds(wire.time_override().nanos());
  }
}

}  // namespace

void ReadRequest(const v1::RecommendRequest& wire, RecommendRequest& request) {
  ReadCommon(wire, request);
  request.similar_to = {};
  request.recent_events.clear();
  for (const v1::Event& event : wire.recent_events()) {
    request.recent_events.push_back(
        {.item_id = event.item_id(),
         .weight = event.weight() == 0 ? 1 : event.weight()});
  }
  request.embedding = {wire.user_embedding().data(),
                       static_cast<size_t>(wire.user_embedding_size())};
}

void ReadRequest(const v1::SimilarItemsRequest& wire,
                 RecommendRequest& request) {
  ReadCommon(wire, request);
  request.similar_to = wire.item_id();
  request.recent_events.clear();
  request.embedding = {};
}

}  // namespace marquee
