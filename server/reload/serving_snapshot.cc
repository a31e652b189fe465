#include "server/reload/serving_snapshot.h"

#include <atomic>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/acceptance/golden.h"
#include "core/base/status_macros.h"
#include "core/retrieval/plan_measurement.h"
#include "marquee/config/manifest.pb.h"
#include "server/reload/warm_up.h"

namespace marquee {
namespace {

uint64_t NextGeneration() {
  // Relaxed: numbers need only differ.
  static std::atomic<uint64_t> last{0};
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

absl::StatusOr<RetrievalPlan> MakePlan(
    const Snapshot& snapshot, const ServingSnapshot::Options& options) {
  const RetrievalChoice& choice = options.retrieval;
  const RetrievalIndex index = snapshot.retrieval_index();
  if (choice.engine == RetrievalEngine::kGraph && index.graph.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("version ", snapshot.version(),
                     " has no graph, which retrieval 'graph' needs: build it "
                     "with --graph, or let retrieval be 'auto'"));
  }
  if (choice.exact_below > 0) {
    return RetrievalPlan::ExactBelow(
        choice.exact_below, choice.engine.value_or(RetrievalEngine::kCells));
  }
  if (choice.engine) return RetrievalPlan::Always(*choice.engine);
  return ChoosePlan(MeasureCosts(index, snapshot.user_vectors(),
                                 options.pipeline.candidates));
}

}  // namespace

ServingSnapshot::ServingSnapshot(std::unique_ptr<const Snapshot> snapshot,
                                 const PipelineOptions& pipeline,
                                 const Clock& clock)
    : snapshot_(std::move(snapshot)),
      pipeline_(*snapshot_, pipeline, clock),
      served_(snapshot_->popularity(), snapshot_->catalog().size()),
      loaded_(clock.Now()),
      generation_(NextGeneration()) {}

absl::StatusOr<std::shared_ptr<ServingSnapshot>> ServingSnapshot::Load(
    const std::string& version_directory, const Options& options,
    const Clock& clock, const ServingSnapshot* like) {
  MARQUEE_ASSIGN_OR_RETURN(
      std::unique_ptr<const Snapshot> snapshot,
      Snapshot::Load(version_directory, options.snapshot,
                     like == nullptr ? nullptr : &like->snapshot()));
  MARQUEE_RETURN_IF_ERROR(CheckNotStopped(options.stop));
  PipelineOptions pipeline = options.pipeline;
  if (like != nullptr && snapshot->HasTablesOf(like->snapshot())) {
    pipeline.plan = like->pipeline().planner().plan();
  } else {
    MARQUEE_ASSIGN_OR_RETURN(pipeline.plan, MakePlan(*snapshot, options));
  }
  std::shared_ptr<ServingSnapshot> serving(
      new ServingSnapshot(std::move(snapshot), pipeline, clock));
  // With the builder's options and without a deadline: the answers do not
  // depend on the configuration or on this machine.
  const Pipeline as_built(serving->snapshot(), PipelineOptions{}, clock);
  MARQUEE_RETURN_IF_ERROR(
      CheckGolden(as_built, serving->snapshot().manifest()));
  MARQUEE_RETURN_IF_ERROR(WarmUp(serving->pipeline_, options.warm_up_requests,
                                 clock.Now(), options.stop));
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
