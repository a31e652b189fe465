#include "offline/cli/examine.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/acceptance/availability.h"
#include "core/acceptance/availability_report.h"
#include "core/acceptance/golden.h"
#include "core/base/clock.h"
#include "core/base/status_macros.h"
#include "core/base/threads.h"
#include "core/pipeline/pipeline.h"
#include "core/snapshot/snapshot.h"
#include "marquee/config/manifest.pb.h"

namespace marquee {

absl::StatusOr<Finding> Examine(const std::string& version,
                                EmptyShelves empty) {
  MARQUEE_ASSIGN_OR_RETURN(
      const auto snapshot,
      Snapshot::Load(version, {.threads = ThreadCount(0)}));
  const Pipeline pipeline(*snapshot, {}, Clock::Real());
  MARQUEE_RETURN_IF_ERROR(CheckGolden(pipeline, snapshot->manifest()));
  AvailabilityReport report = JudgeAvailability(
      *snapshot,
      MeasureAvailability(*snapshot, ToCalendarSecond(Clock::Real().Now()),
                          kAvailabilityAhead));
  if (empty == EmptyShelves::kRefuse && !report.empty.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat(version, ": ", absl::StrJoin(report.empty, "; ")));
  }
  std::vector<std::string> warnings = std::move(report.empty);
  for (const auto* const lines : {&report.few, &report.left_out}) {
    warnings.insert(warnings.end(), lines->begin(), lines->end());
  }
  return Finding{.digest = snapshot->digest(),
                 .version = snapshot->version(),
                 .bytes = snapshot->size_bytes(),
                 .golden_requests = snapshot->manifest().golden_size(),
                 .warnings = std::move(warnings),
                 .shows_nothing = report.all_empty_now};
}

}  // namespace marquee
