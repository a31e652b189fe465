// One request in the form that the pipeline takes, independent of the wire.
#ifndef MARQUEE_CORE_PIPELINE_REQUEST_H_
#define MARQUEE_CORE_PIPELINE_REQUEST_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "core/base/request_limits.h"
#include "core/catalog/candidate.h"
#include "core/pipeline/response.h"
#include "core/rerank/policy.h"

namespace marquee {

struct RecentEvent {
  absl::string_view item_id;
  float weight = 1;  // more than 0
};

// Ids in a request that are not in the catalogue.
struct UnknownIds {
  size_t count = 0;
  absl::string_view first;

  void Add(absl::string_view id) {
    if (count++ == 0) first = id;
  }
};

// The items that have one of the values in the attribute.
struct AttributeFilter {
  absl::string_view attribute;
  std::vector<absl::string_view> any_of;
};

// The treatment of items that the user has seen, by the stored history or the
// recent events.
enum class SeenItems : uint8_t { kLeftOut, kIncluded, kOnly };

// Its views point into memory that the caller keeps until the answer is
// complete. A worker reuses its request for the next one.
struct RecommendRequest {
  absl::string_view user_id;  // empty or unknown: a new user
  // If set: items similar to this one instead of items for the user.
  absl::string_view similar_to;
  absl::string_view country;  // empty: the user's
  absl::string_view device;
  absl::string_view language;  // empty: the user's
  absl::string_view scene;
  std::optional<int> local_hour;
  // The stricter of this and the user's applies.
  std::optional<int> maturity_limit;
  std::vector<RecentEvent> recent_events;
  std::span<const float> embedding;  // empty, or [dimension]
  std::vector<absl::string_view> exclude;
  std::vector<AttributeFilter> filters;
  // Of the pages before: ids in the part of the list above this page.
  std::vector<absl::string_view> shown;
  SeenItems seen = SeenItems::kLeftOut;
  // If set: only these of the kCandidateSources bring candidates, in equal
  // proportion. Without kPersonal, items keep the order of their sources.
  std::vector<Source> sources;
  size_t limit = kDefaultLimit;  // 1 to kMaxLimit

  // The moment for licences and rules.
  absl::Time now = absl::UnixEpoch();
  // By the clock of the pipeline. A stage that does not fit before the deadline
  // is replaced by a cheaper one.
  SteadyTime deadline = SteadyTime::InfiniteFuture();
  // The best tier that the load of the server allows.
  Tier best_tier = Tier::kFull;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_PIPELINE_REQUEST_H_
