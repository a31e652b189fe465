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
                           Snapshot::Load(version_directory, options.snapshot));
  std::shared_ptr<ServingSnapshot> serving(
      new ServingSnapshot(std::move(snapshot), options, clock));
  // With the options of the builder, whatever ours are, and without a deadline:
  // the answers depend neither on the configuration nor on this machine.
  const Pipeline as_built(serving->snapshot(), PipelineOptions{}, clock);
  MARQUEE_RETURN_IF_ERROR(
      CheckGolden(as_built, serving->snapshot().manifest()));
  MARQUEE_RETURN_IF_ERROR(
      WarmUp(serving->pipeline_, options.warm_up_requests, clock.Now()));
  return serving;
}

absl::Status ServingSnapshot::MeasureSections() {
  // Before the lock is taken: scrapes take it too.
  MARQUEE_ASSIGN_OR_RETURN(std::vector<SectionMemory> sections,
                           snapshot_->MeasureSections());
  absl::MutexLock lock(&mu_);
  sections_ = std::move(sections);
  return absl::OkStatus();
}

}  // namespace marquee
