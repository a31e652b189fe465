// One request through the stages: user, eligible items, retrieval, ranking,
// rules.
//
//   Pipeline pipeline(snapshot, {}, Clock::Real());
//   // For each worker:
//   PipelineScratch scratch(snapshot, pipeline.max_candidates());
//   MARQUEE_RETURN_IF_ERROR(
//       pipeline.Recommend(request, scratch, response));
#ifndef MARQUEE_CORE_PIPELINE_PIPELINE_H_
#define MARQUEE_CORE_PIPELINE_PIPELINE_H_

#include <cstddef>

#include "absl/status/status.h"
#include "core/base/clock.h"
#include "core/catalog/eligibility.h"
#include "core/pipeline/cost_model.h"
#include "core/pipeline/request.h"
#include "core/pipeline/response.h"
#include "core/pipeline/scratch.h"
#include "core/pipeline/trace.h"
#include "core/retrieval/planner.h"
#include "core/snapshot/snapshot.h"

namespace marquee {

struct PipelineOptions {
  // The number of items that retrieval returns. More: better lists, slower. 50
  // to 2000.
  size_t candidates = 500;
  // False: candidates keep the order of retrieval, to measure the worth of the
  // ranker.
  bool use_ranker = true;
  RetrievalPlan plan = RetrievalPlan::Default();
};

// Thread-safe if each thread has its own scratch. The snapshot and the clock
// must outlive it.
class Pipeline {
 public:
  Pipeline(const Snapshot& snapshot, const PipelineOptions& options,
           const Clock& clock);

  // Fills the answer with at most request.limit items, and never with one that
  // may not be shown. The answer is empty only if nothing may be shown. It
  // gives the reason if it is short or of a lower tier. `trace`: nullptr, or
  // the memory for explain.h. Errors: InvalidArgument, NotFound and
  // FailedPrecondition as in ResolveUser and FindEligible; the answer is then
  // not usable. Requires: 1 <= request.limit; request.limit and the number of
  // items shown on pages before are together at most kMaxLimit.
  absl::Status Recommend(const RecommendRequest& request,
                         PipelineScratch& scratch, RecommendResponse& response,
                         Trace* trace = nullptr) const;

  const Snapshot& snapshot() const { return snapshot_; }
  const RetrievalPlanner& planner() const { return planner_; }
  size_t max_candidates() const { return options_.candidates; }

  // Keeps eligibility fast as time passes. Call it about once a minute. Answers
  // are right without it.
  void AdvanceTime() { eligibility_.Advance(ToCalendarSecond(clock_.Now())); }

 private:
  struct RequestRun;  // one request under way

  size_t FindShown(RequestRun& run) const;
  // Whether the ranker scores the candidates of the request in this tier.
  bool Ranks(const RequestRun& run, Tier tier) const;
  static Tier TierOf(const RequestRun& run, Tier tier);
  Tier ChooseTier(RequestRun& run) const;
  // The number of candidates, and the part of the full work that they are.
  struct Width {
    size_t candidates;
    float share;
  };
  Width WidthOf(const RequestRun& run) const;
  void FindCandidates(RequestRun& run) const;
  void Retrieve(RequestRun& run, const Width& width,
                std::vector<Candidate>& out) const;
  void ListCandidates(RequestRun& run, size_t count) const;
  void GiveWayToDeadline(RequestRun& run) const;
  void Rank(RequestRun& run) const;
  void FindSimilar(RequestRun& run) const;
  void Rerank(RequestRun& run) const;
  PopularItems Backfill(const RequestRun& run) const;
  void FillList(RequestRun& run) const;
  void FinalCheck(RequestRun& run) const;

  const Snapshot& snapshot_;
  const PipelineOptions options_;
  const Clock& clock_;
  const RetrievalPlanner planner_;
  Eligibility eligibility_;  // thread-safe
  mutable CostModel costs_;  // thread-safe
};

}  // namespace marquee

#endif  // MARQUEE_CORE_PIPELINE_PIPELINE_H_
