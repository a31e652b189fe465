#include "server/service/request_checks.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/base/ids.h"
#include "core/base/request_limits.h"
#include "core/base/status_macros.h"
#include "core/catalog/candidate.h"
#include "core/catalog/locale_codes.h"
#include "server/service/page_token.h"

namespace marquee {
namespace {

template <typename... Parts>
absl::Status Wrong(const Parts&... parts) {
  return absl::InvalidArgumentError(absl::StrCat(parts...));
}

// A field is named only if it is invalid: `name` is a callable or a literal.
template <typename Name>
absl::Status CheckBytes(const std::string& value, size_t most,
                        const Name& name) {
  if (value.size() <= most) return absl::OkStatus();
  return Wrong(name(), ": has ", value.size(), " bytes, at most ", most);
}

absl::Status CheckCount(int count, int most, absl::string_view name) {
  if (count <= most) return absl::OkStatus();
  return Wrong(name, ": has ", count, " entries, at most ", most);
}

absl::Status CheckRange(int value, int least, int most,
                        absl::string_view name) {
  if (value >= least && value <= most) return absl::OkStatus();
  return Wrong(name, ": is ", value, ", must be ", least, " to ", most);
}

auto Literal(const char* name) {
  return [name] { return name; };
}

template <typename Ids>
absl::Status CheckIds(const Ids& ids, int most, absl::string_view name) {
  MARQUEE_RETURN_IF_ERROR(CheckCount(ids.size(), most, name));
  for (int i = 0; i < ids.size(); ++i) {
    MARQUEE_RETURN_IF_ERROR(CheckBytes(
        ids[i], kMaxIdBytes, [&] { return absl::StrCat(name, "[", i, "]"); }));
  }
  return absl::OkStatus();
}

absl::Status CheckUser(const v1::RequestContext& context) {
  MARQUEE_RETURN_IF_ERROR(
      CheckBytes(context.user_id(), kMaxIdBytes, Literal("context.user_id")));
  const std::string& country = context.country();
  if (!country.empty() && !LooksLikeCountry(country)) {
    return Wrong(
        "context.country: must be empty or two upper-case letters (ISO 3166-1 "
        "alpha-2)");
  }
  MARQUEE_RETURN_IF_ERROR(
      CheckBytes(context.device(), kMaxNameBytes, Literal("context.device")));
  MARQUEE_RETURN_IF_ERROR(CheckBytes(context.language(), kMaxNameBytes,
                                     Literal("context.language")));
  if (context.has_local_hour()) {
    MARQUEE_RETURN_IF_ERROR(
        CheckRange(context.local_hour(), 0, 23, "context.local_hour"));
  }
  if (context.has_maturity_limit()) {
    MARQUEE_RETURN_IF_ERROR(CheckRange(context.maturity_limit(), 0,
                                       kMaxMaturity, "context.maturity_limit"));
  }
  return absl::OkStatus();
}

absl::Status CheckEvents(const v1::RequestContext& context) {
  MARQUEE_RETURN_IF_ERROR(CheckCount(context.recent_events_size(), kMaxEvents,
                                     "context.recent_events"));
  for (int i = 0; i < context.recent_events_size(); ++i) {
    const v1::Event& event = context.recent_events(i);
    MARQUEE_RETURN_IF_ERROR(CheckBytes(event.item_id(), kMaxIdBytes, [&] {
      return absl::StrCat("context.recent_events[", i, "].item_id");
    }));
    // Not a negation of "< 0 or > most": NaN is neither.
    if (!(event.weight() >= 0 && event.weight() <= kMaxEventWeight)) {
      return Wrong("context.recent_events[", i, "].weight: is ", event.weight(),
                   ", must be more than 0 and at most ", kMaxEventWeight,
                   ", or 0 for 1");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckEmbedding(const v1::RecommendRequest& request) {
  float largest = 0;
  for (int i = 0; i < request.user_embedding_size(); ++i) {
    // Not a negation of "> most": NaN is not. The limit keeps every inner
    // product finite.
    if (!(std::abs(request.user_embedding(i)) <= kMaxEmbeddingValue)) {
      return Wrong("user_embedding[", i, "]: is ", request.user_embedding(i),
                   ", must be a number of -1e6 to 1e6");
    }
    largest = std::max(largest, std::abs(request.user_embedding(i)));
  }
  if (request.user_embedding_size() > 0 && largest < kMinEmbeddingPeak) {
    return Wrong("user_embedding: its largest number is ", largest,
                 ", must be at least 1e-18: a factor on all changes no order");
  }
  return absl::OkStatus();
}

template <typename Filters>
absl::Status CheckFilters(const Filters& filters) {
  MARQUEE_RETURN_IF_ERROR(
      CheckCount(filters.size(), kMaxFilters, "context.filters"));
  for (int i = 0; i < filters.size(); ++i) {
    const std::string name = absl::StrCat("context.filters[", i, "]");
    if (filters[i].attribute().empty()) {
      return Wrong(name, ".attribute: is empty, must name an attribute");
    }
    MARQUEE_RETURN_IF_ERROR(
        CheckBytes(filters[i].attribute(), kMaxIdBytes,
                   [&] { return absl::StrCat(name, ".attribute"); }));
    if (filters[i].any_of().empty()) {
      return Wrong(name, ".any_of: is empty, must have 1 to ", kMaxFilterValues,
                   " values");
    }
    MARQUEE_RETURN_IF_ERROR(CheckIds(filters[i].any_of(), kMaxFilterValues,
                                     absl::StrCat(name, ".any_of")));
  }
  return absl::OkStatus();
}

absl::Status CheckTime(const google::protobuf::Timestamp& time) {
  if (time.seconds() < 0 || time.seconds() > kMaxSeconds || time.nanos() < 0 ||
      time.nanos() > 999'999'999) {
    return Wrong("context.time_override: must be a moment from 1970 to 2106");
  }
  return absl::OkStatus();
}

absl::Status CheckContext(const v1::RequestContext& context) {
  MARQUEE_RETURN_IF_ERROR(CheckUser(context));
  MARQUEE_RETURN_IF_ERROR(CheckEvents(context));
  MARQUEE_RETURN_IF_ERROR(CheckIds(context.exclude_item_ids(), kMaxExcluded,
                                   "context.exclude_item_ids"));
  MARQUEE_RETURN_IF_ERROR(CheckFilters(context.filters()));
  MARQUEE_RETURN_IF_ERROR(
      CheckBytes(context.scene(), kMaxNameBytes, Literal("context.scene")));
  // An enum of proto3 holds any number that is sent.
  if (!v1::Criticality_IsValid(context.criticality())) {
    return Wrong("context.criticality: is ",
                 static_cast<int>(context.criticality()), ", which is none");
  }
  MARQUEE_RETURN_IF_ERROR(CheckTime(context.time_override()));
  return CheckBytes(context.client_request_id(), kMaxIdBytes,
                    Literal("context.client_request_id"));
}

// The context and the page, which Recommend and SimilarItems share.
template <typename Request>
absl::Status CheckCommon(const Request& request) {
  MARQUEE_RETURN_IF_ERROR(CheckContext(request.context()));
  MARQUEE_RETURN_IF_ERROR(CheckRange(request.limit(), 0, kMaxLimit, "limit"));
  return CheckPageToken(request.page_token(), ListOf(request));
}

absl::Status CheckSources(const v1::RecommendRequest& request) {
  uint64_t named = 0;
  for (int i = 0; i < request.sources_size(); ++i) {
    const int source = request.sources(i);
    if (source < 1 || source > static_cast<int>(kCandidateSources)) {
      return Wrong("sources[", i, "]: is ", source,
                   ", must be PERSONAL, TRENDING, NEW, BECAUSE or GENRE");
    }
    if ((named >> source & 1) != 0) {
      return Wrong("sources[", i, "]: is named twice");
    }
    named |= uint64_t{1} << source;
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckRequest(const v1::RecommendRequest& request) {
  // The check of the page token reads the sources.
  MARQUEE_RETURN_IF_ERROR(CheckSources(request));
  MARQUEE_RETURN_IF_ERROR(CheckCommon(request));
  return CheckEmbedding(request);
}

absl::Status CheckRequest(const v1::SimilarItemsRequest& request) {
  if (request.item_id().empty()) {
    return Wrong("item_id: is empty, must name an item");
  }
  MARQUEE_RETURN_IF_ERROR(
      CheckBytes(request.item_id(), kMaxIdBytes, Literal("item_id")));
  return CheckCommon(request);
}

absl::Status CheckRequest(const v1::ExplainRequest& request) {
  const absl::Status inner = CheckRequest(request.request());
  if (!inner.ok()) return Wrong("request.", inner.message());
  return CheckIds(request.item_ids(), kMaxExplained, "item_ids");
}

}  // namespace marquee
