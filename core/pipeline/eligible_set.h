// The second stage: the exact set of items that this user may be shown now.
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

// Memory of one worker, reused. Externally synchronised.
struct EligibleSet {
  std::vector<uint64_t> items;  // by row of the catalogue
  size_t count = 0;
  std::vector<uint64_t> retrievable;  // those of them with a vector
  size_t retrievable_count = 0;
  size_t left_out = 0;  // items that are ineligible only because of `seen`
  UnknownIds unknown_excluded;
  std::vector<uint64_t> filter;  // working memory
};

// Finds the items that meet all of these conditions:
// - licensed in the user's country at the moment of the request,
// - within the age limit,
// - not hidden by the policy,
// - seen or not, as requested,
// - not excluded,
// - matching every filter of the request,
// - not the item of `similar_to`.
//
// Errors: InvalidArgument for a filter on an attribute that the catalogue does
// not have.
absl::Status FindEligible(const Snapshot& snapshot,
                          const Eligibility& eligibility,
                          const RecommendRequest& request,
                          const ResolvedUser& user, EligibleSet& set);

}  // namespace marquee

#endif  // MARQUEE_CORE_PIPELINE_ELIGIBLE_SET_H_
