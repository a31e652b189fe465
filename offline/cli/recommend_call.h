// The request of `marquee recommend`: built from its options, under a server's
// limits.
#ifndef MARQUEE_OFFLINE_CLI_RECOMMEND_CALL_H_
#define MARQUEE_OFFLINE_CLI_RECOMMEND_CALL_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/pipeline/request.h"

namespace marquee {

struct RecommendCall {
  std::string snapshot;
  std::string user, similar_to, country, device, language, scene, now;
  std::optional<int> maturity_limit;
  int limit = 20;
  std::vector<std::string> watched, exclude, filters, sources, why_not;
  bool include_seen = false;
  bool only_seen = false;
  bool explain = false;
  bool json = false;
};

// The request has views into `call`, which must outlive it. Its moment is
// --now, else `now`. Errors: InvalidArgument that names the option, its value
// and the values that it may have.
absl::StatusOr<RecommendRequest> RequestOf(const RecommendCall& call,
                                           absl::Time now);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_CLI_RECOMMEND_CALL_H_
