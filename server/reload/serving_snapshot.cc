#include "server/reload/serving_snapshot.h"

#include <atomic>
#include <utility>

#include "core/base/status_macros.h"
#include "core/pipeline/golden.h"
#include "server/reload/warm_up.h"

namespace marquee {
namespace {

uint64_t NextGeneration() {
  // Relaxed: numbers need only differ.
  static std::atomic<uint64_t> last{0};
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

}  // namespace

ServingSnapshot::ServingSnapshot(std::unique_ptr<const Snapshot> snapshot,
                                 const Options& options, const Clock& clock)
    : snapshot_(std::move(snapshot)),
      pipeline_(*snapshot_, options.pipeline, clock),
      served_(snapshot_->popularity(), snapshot_->catalog().size()),
      loaded_(clock.Now()),
      generation_(NextGeneration()) {}

absl::StatusOr<std::shared_ptr<ServingSnapshot>> ServingSnapshot::Load(
    const std::string& version_directory, const Options& options,
    const Clock& clock) {
  MARQUEE_ASSIGN_OR_RETURN(std::unique_ptr<const Snapshot> snapshot,
                           Snapshot::Load(version_directory));
  std::shared_ptr<ServingSnapshot> serving(
      new ServingSnapshot(std::move(snapshot), options, clock));
  // Golden requests are answered without a deadline, at full quality: their
  // answers do not depend on how fast this machine is.
  MARQUEE_RETURN_IF_ERROR(
      CheckGolden(serving->pipeline_, serving->snapshot_->manifest()));
  MARQUEE_RETURN_IF_ERROR(
      WarmUp(serving->pipeline_, options.warm_up_requests, clock.Now()));
  return serving;
}

}  // namespace marquee
