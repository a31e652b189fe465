// A snapshot with the pipeline that answers from it. A request holds one.
//
//   MARQUEE_ASSIGN_OR_RETURN(
//       const std::shared_ptr<ServingSnapshot> serving,
//       ServingSnapshot::Load("snapshots/7", options, clock));
//   MARQUEE_RETURN_IF_ERROR(
//       serving->pipeline().Recommend(request, scratch, response));
#ifndef MARQUEE_SERVER_RELOAD_SERVING_SNAPSHOT_H_
#define MARQUEE_SERVER_RELOAD_SERVING_SNAPSHOT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "core/pipeline/pipeline.h"
#include "core/retrieval/retrieval_plan.h"
#include "core/snapshot/section_memory.h"
#include "core/snapshot/snapshot.h"
#include "server/quality/served_items.h"

namespace marquee {

// Which engines answer.
struct RetrievalChoice {
  // This engine; absent: the engine that costs least here.
  std::optional<RetrievalEngine> engine;
  // The exact scan for fewer eligible items than this, and `engine` (absent:
  // cells) for more. 0: `engine` always.
  size_t exact_below = 0;
};

// Thread-safe. A request takes one handle (shared_ptr) and answers from that
// alone, whatever is published meanwhile.
class ServingSnapshot {
 public:
  struct Options {
    SnapshotOptions snapshot;
    // Everything but the plan, which is made from `retrieval`.
    PipelineOptions pipeline;
    RetrievalChoice retrieval;
    // Requests computed before it serves. More: warmer pages, a later start.
    size_t warm_up_requests = 300;
    // If a stop is requested, the load stops between two steps.
    std::stop_token stop;
  };

  // Verifies and maps or copies a version, computes its golden requests and
  // warms it up. The clock must outlive it. `like`: a snapshot loaded earlier
  // with these options. Its sections are taken as in Snapshot::Load, and the
  // costs of the engines on them are not measured again. Errors: those of
  // Snapshot::Load and CheckGolden, which name the version's directory or the
  // difference; FailedPrecondition if the version has no graph and that engine
  // is chosen; Cancelled if it was stopped.
  static absl::StatusOr<std::shared_ptr<ServingSnapshot>> Load(
      const std::string& version_directory, const Options& options,
      const Clock& clock, const ServingSnapshot* like = nullptr);

  const Snapshot& snapshot() const { return *snapshot_; }
  const Pipeline& pipeline() const { return pipeline_; }
  absl::Time loaded() const { return loaded_; }
  // Different for each load of this process, from 1. It tells a worker whether
  // its scratch memory fits.
  uint64_t generation() const { return generation_; }
  ServedItems& served() { return served_; }
  const ServedItems& served() const { return served_; }

  // As Pipeline::AdvanceTime.
  void AdvanceTime() { pipeline_.AdvanceTime(); }

  // The result of the last MeasureSections; empty before the first.
  std::vector<SectionMemory> sections() const {
    absl::MutexLock lock(&mu_);
    return sections_;
  }
  // As Snapshot::MeasureSections. An error leaves sections() as it was. Call it
  // off the path of requests and scrapes: it takes time.
  absl::Status MeasureSections();

 private:
  ServingSnapshot(std::unique_ptr<const Snapshot> snapshot,
                  const PipelineOptions& pipeline, const Clock& clock);

  const std::unique_ptr<const Snapshot> snapshot_;
  Pipeline pipeline_;
  ServedItems served_;
  const absl::Time loaded_;
  const uint64_t generation_;

  mutable absl::Mutex mu_;
  std::vector<SectionMemory> sections_ ABSL_GUARDED_BY(mu_);
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_RELOAD_SERVING_SNAPSHOT_H_
