#include "offline/cli/recommend_call.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/ids.h"
#include "core/base/request_limits.h"
#include "core/base/status_macros.h"
#include "core/catalog/locale_codes.h"
#include "offline/formats/timestamp.h"

namespace marquee {
namespace {

template <typename... Parts>
absl::Status Wrong(const Parts&... parts) {
  return absl::InvalidArgumentError(absl::StrCat(parts...));
}

absl::Status CheckBytes(absl::string_view option, absl::string_view value,
                        size_t most) {
  if (value.size() <= most) return absl::OkStatus();
  return Wrong(option, ": has ", value.size(), " bytes, at most ", most);
}

absl::Status CheckCount(absl::string_view option, size_t count, size_t most) {
  if (count <= most) return absl::OkStatus();
  return Wrong(option, ": is given ", count, " times, at most ", most);
}

absl::Status CheckIds(absl::string_view option,
                      const std::vector<std::string>& ids, size_t most) {
  MARQUEE_RETURN_IF_ERROR(CheckCount(option, ids.size(), most));
  for (const std::string& id : ids) {
    MARQUEE_RETURN_IF_ERROR(CheckBytes(option, id, kMaxIdBytes));
  }
  return absl::OkStatus();
}

absl::Status CheckCountry(const std::string& country) {
  if (country.empty() || LooksLikeCountry(country)) {
    return absl::OkStatus();
  }
  return Wrong("--country '", country, "': must be two upper-case letters");
}

absl::Status CheckTexts(const RecommendCall& call) {
  MARQUEE_RETURN_IF_ERROR(CheckBytes("--user", call.user, kMaxIdBytes));
  MARQUEE_RETURN_IF_ERROR(
      CheckBytes("--similar-to", call.similar_to, kMaxIdBytes));
  MARQUEE_RETURN_IF_ERROR(CheckCountry(call.country));
  MARQUEE_RETURN_IF_ERROR(CheckBytes("--device", call.device, kMaxNameBytes));
  MARQUEE_RETURN_IF_ERROR(
      CheckBytes("--language", call.language, kMaxNameBytes));
  return CheckBytes("--scene", call.scene, kMaxNameBytes);
}

absl::StatusOr<AttributeFilter> FilterOf(absl::string_view text) {
  const size_t equals = text.find('=');
  if (equals == absl::string_view::npos || equals == 0) {
    return Wrong("--filter '", text, "': must be ATTRIBUTE=VALUE");
  }
  const AttributeFilter filter{text.substr(0, equals),
                               {text.substr(equals + 1)}};
  for (const absl::string_view part : {filter.attribute, filter.any_of[0]}) {
    MARQUEE_RETURN_IF_ERROR(CheckBytes("--filter", part, kMaxIdBytes));
  }
  return filter;
}

absl::StatusOr<std::vector<Source>> SourcesOf(const RecommendCall& call) {
  std::vector<Source> sources;
  for (const std::string& name : call.sources) {
    const std::optional<Source> found = FindCandidateSource(name);
    if (!found) {
      return Wrong("--sources '", name, "': must be of ",
                   CandidateSourceNames());
    }
    if (std::find(sources.begin(), sources.end(), *found) != sources.end()) {
      return Wrong("--sources '", name, "': is named twice");
    }
    sources.push_back(*found);
  }
  if (!sources.empty() && !call.similar_to.empty()) {
    return Wrong("--sources: similar items have one source; leave it out");
  }
  return sources;
}

absl::StatusOr<absl::Time> MomentOf(const RecommendCall& call, absl::Time now) {
  if (call.now.empty()) return now;
  return ParseNow("--now", call.now);
}

}  // namespace

absl::StatusOr<RecommendRequest> RequestOf(const RecommendCall& call,
                                           absl::Time now) {
  MARQUEE_RETURN_IF_ERROR(CheckTexts(call));
  MARQUEE_RETURN_IF_ERROR(CheckIds("--watched", call.watched, kMaxEvents));
  MARQUEE_RETURN_IF_ERROR(CheckIds("--exclude", call.exclude, kMaxExcluded));
  MARQUEE_RETURN_IF_ERROR(CheckIds("--why-not", call.why_not, kMaxExplained));
  MARQUEE_RETURN_IF_ERROR(
      CheckCount("--filter", call.filters.size(), kMaxFilters));
  RecommendRequest request;
  request.user_id = call.user;
  request.similar_to = call.similar_to;
  request.country = call.country;
  request.device = call.device;
  request.language = call.language;
  request.scene = call.scene;
  request.maturity_limit = call.maturity_limit;
  request.limit = static_cast<size_t>(call.limit);
  for (const std::string& id : call.watched) {
    request.recent_events.push_back({id});
  }
  if (call.include_seen) request.seen = SeenItems::kIncluded;
  if (call.only_seen) request.seen = SeenItems::kOnly;
  request.exclude.assign(call.exclude.begin(), call.exclude.end());
  for (const std::string& text : call.filters) {
    MARQUEE_ASSIGN_OR_RETURN(AttributeFilter filter, FilterOf(text));
    request.filters.push_back(std::move(filter));
  }
  MARQUEE_ASSIGN_OR_RETURN(request.sources, SourcesOf(call));
  MARQUEE_ASSIGN_OR_RETURN(request.now, MomentOf(call, now));
  return request;
}

}  // namespace marquee
