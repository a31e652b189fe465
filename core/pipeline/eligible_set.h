// The second stage: the exact set of titles that this person may be shown now.
#ifndef MARQUEE_CORE_PIPELINE_ELIGIBLE_SET_H_
#define MARQUEE_CORE_PIPELINE_ELIGIBLE_SET_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "core/catalog/bitmap.h"
#include "core/catalog/eligibility.h"
#include "core/pipeline/request.h"
#include "core/pipeline/resolved_user.h"
#include "core/snapshot/snapshot.h"

namespace marquee {

// Memory of one worker, used again. Externally synchronised.
struct EligibleSet {
  std::vector<uint64_t> titles;  // of the catalogue
  size_t count = 0;
  std::vector<uint64_t> retrievable;  // those of them that have a vector
  size_t retrievable_count = 0;
  size_t left_out = 0;  // titles that are none of them only as they were seen
  UnknownIds unknown_excluded;
  std::vector<uint64_t> filter;  // memory of the computation
};

// Licensed in the user's country at the user's moment, within the age
// limit, not hidden by the policy, seen or not as asked, not excluded, matching
// every filter of the request, and not the title that similar ones are asked
// for. Errors: InvalidArgument for a filter on an attribute that the catalogue
// does not have.
absl::Status FindEligible(const Snapshot& snapshot,
                          const Eligibility& eligibility,
                          const RecommendRequest& request,
                          const ResolvedUser& user, EligibleSet& set);

}  // namespace marquee

#endif  // MARQUEE_CORE_PIPELINE_ELIGIBLE_SET_H_
