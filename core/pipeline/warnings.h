// Finds the parts of a request that the caller probably did not mean: names
// that nothing knows. The answer reports them and follows the request as it is.
#ifndef MARQUEE_CORE_PIPELINE_WARNINGS_H_
#define MARQUEE_CORE_PIPELINE_WARNINGS_H_

#include <vector>

#include "core/pipeline/eligible_set.h"
#include "core/pipeline/request.h"
#include "core/pipeline/resolved_user.h"
#include "core/pipeline/response.h"
#include "core/snapshot/snapshot.h"

namespace marquee {

// Adds at most one warning per field, and one per filter. Costs a few lookups
// if there is nothing to report.
void FindWarnings(const Snapshot& snapshot, const RecommendRequest& request,
                  const ResolvedUser& user, const EligibleSet& eligible,
                  std::vector<Warning>& warnings);

}  // namespace marquee

#endif  // MARQUEE_CORE_PIPELINE_WARNINGS_H_
