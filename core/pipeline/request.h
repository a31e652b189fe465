// One request as the pipeline takes it: the wire's fields without the wire.
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
#include "core/pipeline/response.h"
#include "core/rerank/policy.h"

namespace marquee {

struct RecentEvent {
  absl::string_view item_id;
  float weight = 1;  // more than 0
};

// Ids of a request that the catalogue does not have.
struct UnknownIds {
  size_t count = 0;
  absl::string_view first;

  void Add(absl::string_view id) {
    if (count++ == 0) first = id;
  }
};

// Titles of which the attribute has one of the values.
struct AttributeFilter {
  absl::string_view attribute;
  std::vector<absl::string_view> any_of;
};

// What becomes of titles that the person has seen, by the stored history or the
// recent events.
enum class SeenTitles : uint8_t { kLeftOut, kIncluded, kOnly };

// Views into memory of the caller, who keeps it until the answer is there. A
// request of a worker is used again for the next.
struct RecommendRequest {
  absl::string_view user_id;     // empty or unknown: a new user
  absl::string_view similar_to;  // when set: titles like this one instead of
                                 // titles for the user
  absl::string_view country;     // empty: the user's
  absl::string_view device;
  absl::string_view language;  // empty: the user's
  absl::string_view scene;
  std::optional<int> local_hour;
  std::optional<int>
      maturity_limit;  // the stricter of this and the user's holds
  std::vector<RecentEvent> recent_events;
  std::span<const float> embedding;  // empty, or [dimension]
  std::vector<absl::string_view> exclude;
  std::vector<AttributeFilter> filters;
  // Of the pages before: ids that stand in the list above this one's.
  std::vector<absl::string_view> shown;
  SeenTitles seen = SeenTitles::kLeftOut;
  size_t limit = kDefaultLimit;  // 1 to kMaxLimit

  // The moment that licences and rules are asked about.
  absl::Time now = absl::UnixEpoch();
  // By the clock of the pipeline. What can not be done in time is done cheaper.
  SteadyTime deadline = SteadyTime::InfiniteFuture();
  // What an overloaded server still pays for.
  Tier best_tier = Tier::kFull;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_PIPELINE_REQUEST_H_
