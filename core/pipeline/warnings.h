// What of a request is probably not what the caller meant: names that nothing
// knows. Answers say so and are otherwise as asked for.
#ifndef MARQUEE_CORE_PIPELINE_WARNINGS_H_
#define MARQUEE_CORE_PIPELINE_WARNINGS_H_

#include <vector>

#include "core/pipeline/eligible_set.h"
#include "core/pipeline/request.h"
#include "core/pipeline/resolved_user.h"
#include "core/pipeline/response.h"
#include "core/snapshot/snapshot.h"

namespace marquee {

// At most one for each field, and one for each filter. Costs some lookups where
// there is nothing to say.
void FindWarnings(const Snapshot& snapshot, const RecommendRequest& request,
                  const ResolvedUser& user, const EligibleSet& eligible,
                  std::vector<Warning>& warnings);

}  // namespace marquee

#endif  // MARQUEE_CORE_PIPELINE_WARNINGS_H_
