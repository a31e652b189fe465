// The last check of every item before it is shown. It is the slow, simple twin
// of the eligible set.
#ifndef MARQUEE_CORE_PIPELINE_FINAL_CHECK_H_
#define MARQUEE_CORE_PIPELINE_FINAL_CHECK_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "core/base/ids.h"
#include "core/pipeline/request.h"
#include "core/pipeline/resolved_user.h"
#include "core/snapshot/snapshot.h"

namespace marquee {

// Why an item may not be shown, in the order in which the rules are checked.
enum class Ineligibility {
  kNotLicensed,
  kTooMature,
  kSeen,
  kNotSeen,
  kExcluded,
  kFiltered,
  kBlocked
};

// Returns the first rule that forbids the item; nullopt if it may be shown.
// Reads the licence windows, the age limit and the lists of the request one by
// one, without a bitmap. Takes tens of nanoseconds to a microsecond.
std::optional<Ineligibility> FindIneligibility(const Snapshot& snapshot,
                                               const RecommendRequest& request,
                                               const ResolvedUser& user,
                                               ItemRow row);

}  // namespace marquee

#endif  // MARQUEE_CORE_PIPELINE_FINAL_CHECK_H_
