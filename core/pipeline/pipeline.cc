#include "core/pipeline/pipeline.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "core/pipeline/guard.h"
#include "core/pipeline/newcomer.h"
#include "core/pipeline/shortfall.h"
#include "core/pipeline/warnings.h"
#include "core/simd/dot.h"

namespace marquee {
namespace {

uint8_t AsByte(Source source) { return static_cast<uint8_t>(source); }

// No NaN. A ranker of linear trees may give what is no number, which is the
// least here.
float OrderableScore(double score) {
  constexpr float kLargest = std::numeric_limits<float>::max();
  if (!(score > -kLargest)) return -kLargest;
  return static_cast<float>(std::min<double>(score, kLargest));
}

}  // namespace

struct Pipeline::Run {
  const RecommendRequest& request;
  PipelineScratch& scratch;
  RecommendResponse& response;
  Trace* trace;
  const Clock& clock;
  SteadyTime stage_began;
  size_t retrieved = 0;
  SlateOutcome filled;

  // Ends a stage: keeps its time and counts.
  absl::Duration End(Stage stage, size_t in, size_t out) {
    const SteadyTime now = clock.Steady();
    const absl::Duration time = now - stage_began;
    stage_began = now;
    response.stage_time[static_cast<size_t>(stage)] += time;
    if (trace != nullptr) trace->stages.push_back({stage, in, out});
    return time;
  }
  // What was done since the last stage ended is of none: it explains only.
  void LeaveOut() { stage_began = clock.Steady(); }
  absl::Duration Left() const { return request.deadline - clock.Steady(); }
  void Degrade(Degradation::Cause cause, std::string detail) {
    response.degradations.push_back({cause, std::move(detail)});
  }
};

Pipeline::Pipeline(const Snapshot& snapshot, const PipelineOptions& options,
                   const Clock& clock)
    : snapshot_(snapshot),
      options_(options),
      clock_(clock),
      planner_(snapshot.retrieval_index(), options.plan),
      eligibility_(snapshot.catalog(), snapshot.licences(),
                   ToCalendarSecond(clock.Now())) {}

absl::Status Pipeline::Recommend(const RecommendRequest& request,
                                 PipelineScratch& scratch,
                                 RecommendResponse& response,
                                 Trace* trace) const {
  MARQUEE_CHECK(request.limit >= 1 && request.limit <= kMaxLimit);
  response.Clear();
  if (trace != nullptr) trace->Clear();
  Run run{request, scratch, response, trace, clock_, clock_.Steady()};
  response.requested = request.limit;

  MARQUEE_RETURN_IF_ERROR(ResolveViewer(snapshot_, request, scratch.viewer));
  response.vector_source = scratch.viewer.vector_source;
  run.End(Stage::kUserVector, 1, 1);

  MARQUEE_RETURN_IF_ERROR(FindEligible(snapshot_, eligibility_, request,
                                       scratch.viewer, scratch.eligible));
  response.eligible = scratch.eligible.count;
  response.left_out = scratch.eligible.left_out;
  FindWarnings(snapshot_, request, scratch.viewer, scratch.eligible,
               response.warnings);
  run.End(Stage::kEligibility, snapshot_.catalog().size(),
          scratch.eligible.count);

  scratch.slate_candidates.clear();
  response.tier = ChooseTier(run);
  if (response.tier == Tier::kPopular) {
    Newcomer(run);
  } else {
    RetrieveAndRank(run);
  }
  Rerank(run);
  Guard(run);
  ExplainShortfall(run.filled, response);
  return absl::OkStatus();
}

bool Pipeline::Ranks(const Run& run, Tier tier) const {
  return options_.use_ranker && snapshot_.ranker() != nullptr &&
         !run.scratch.viewer.similar_to && tier <= Tier::kReduced;
}

Tier Pipeline::ChooseTier(Run& run) const {
  if (!run.scratch.viewer.has_vector()) {
    run.Degrade(
        Degradation::Cause::kNoVector,
        "nothing places this person: what is watched most, and new titles");
    return Tier::kPopular;
  }
  const Tier affordable =
      run.request.deadline == SteadyTime::InfiniteFuture()
          ? Tier::kFull
          : costs_.Affordable(run.Left(), Ranks(run, Tier::kFull));
  if (run.request.best_tier > Tier::kFull &&
      run.request.best_tier >= affordable) {
    run.Degrade(Degradation::Cause::kOverload, "the server is overloaded");
    return run.request.best_tier;
  }
  if (affordable > Tier::kFull) {
    if (affordable > Tier::kRetrievalOrder) costs_.LeaveOut(Stage::kRetrieve);
    if (affordable > Tier::kReduced && Ranks(run, Tier::kFull)) {
      costs_.LeaveOut(Stage::kRank);
    }
    run.Degrade(
        Degradation::Cause::kDeadline,
        absl::StrCat("too little time before the deadline for more than ",
                     TierName(affordable)));
  }
  return affordable;
}

void Pipeline::RetrieveAndRank(Run& run) const {
  Retrieve(run);
  if (run.scratch.viewer.similar_to) {
    OrderSimilar(run);
    return;
  }
  const bool late = Ranks(run, run.response.tier) &&
                    run.request.deadline != SteadyTime::InfiniteFuture() &&
                    run.Left() < costs_.Expected(Stage::kRank) +
                                     costs_.Expected(Stage::kRerank);
  if (late) {
    run.response.tier = Tier::kRetrievalOrder;
    costs_.LeaveOut(Stage::kRank);
    run.Degrade(Degradation::Cause::kDeadline,
                "retrieval left too little time for the ranker");
  }
  const bool ranked = Ranks(run, run.response.tier);
  if (ranked) Rank(run);
  for (size_t i = 0; i < run.retrieved; ++i) {
    const Candidate& candidate = run.scratch.retrieved[i];
    const float score =
        ranked ? OrderableScore(run.scratch.scores[i]) : candidate.score;
    run.scratch.slate_candidates.push_back(
        {.row = candidate.row,
         .score = score,
         .source = AsByte(Source::kPersonal)});
  }
}

void Pipeline::Retrieve(Run& run) const {
  PipelineScratch& scratch = run.scratch;
  const bool full = run.response.tier == Tier::kFull;
  const float share = full ? 1 : kReducedShare;
  const size_t wanted =
      static_cast<size_t>(share * static_cast<float>(options_.candidates));
  const RetrievalQuery query{
      .vector = scratch.viewer.vector,
      .eligible = scratch.eligible.retrievable,
      .eligible_count = scratch.eligible.retrievable_count,
      .k = std::max(wanted, std::min(run.request.limit, options_.candidates)),
      .effort = share};
  const RetrievalEngine engine = planner_.Pick(query.eligible_count);
  run.retrieved = planner_.engine(engine).Retrieve(query, scratch.retrieval,
                                                   scratch.retrieved);
  run.response.engine = engine;
  run.response.retrieved = run.retrieved;
  costs_.Observe(Stage::kRetrieve,
                 run.End(Stage::kRetrieve, query.eligible_count, run.retrieved),
                 share);
  if (run.trace != nullptr) {
    run.trace->retrieved.assign(scratch.retrieved.begin(),
                                scratch.retrieved.begin() + run.retrieved);
  }
}

void Pipeline::Rank(Run& run) const {
  PipelineScratch& scratch = run.scratch;
  scratch.feature_candidates.clear();
  for (size_t i = 0; i < run.retrieved; ++i) {
    scratch.feature_candidates.push_back(
        {scratch.retrieved[i].row, scratch.retrieved[i].score});
  }
  const Viewer viewer = AsFeaturesSee(scratch.viewer, run.request.local_hour);
  const Ranker& ranker = *snapshot_.ranker();
  const std::span<double> scores =
      std::span(scratch.scores).first(run.retrieved);
  ranker.Score(viewer, scratch.feature_candidates, scratch.ranker, scores);
  const float share = run.response.tier == Tier::kFull ? 1 : kReducedShare;
  costs_.Observe(Stage::kRank,
                 run.End(Stage::kRank, run.retrieved, run.retrieved), share);
  if (run.trace != nullptr) {
    run.trace->ranker_scores.assign(scores.begin(), scores.end());
    // Whoever asks why wants to see all features.
    ranker.extractor().Extract(viewer, scratch.feature_candidates,
                               scratch.ranker.extraction,
                               scratch.ranker.features);
    run.LeaveOut();
  }
}

// Retrieval is by inner product, which favours long vectors; likeness is the
// angle.
void Pipeline::OrderSimilar(Run& run) const {
  for (size_t i = 0; i < run.retrieved; ++i) {
    const Candidate& candidate = run.scratch.retrieved[i];
    const std::span<const float> vector =
        snapshot_.item_vectors()[candidate.row];
    const float length =
        std::sqrt(simd::Dot(vector.data(), vector.data(), vector.size()));
    run.scratch.slate_candidates.push_back(
        {.row = candidate.row,
         .score = length > 0 ? candidate.score / length : 0,
         .source = AsByte(Source::kSimilar)});
  }
}

void Pipeline::Newcomer(Run& run) const {
  ListPopular(snapshot_, run.scratch.viewer, run.scratch.eligible.titles,
              std::max<size_t>(options_.candidates, run.request.limit),
              run.scratch.taken, run.scratch.slate_candidates);
  run.End(Stage::kRetrieve, run.scratch.eligible.count,
          run.scratch.slate_candidates.size());
}

void Pipeline::Rerank(Run& run) const {
  PipelineScratch& scratch = run.scratch;
  const size_t candidates = scratch.slate_candidates.size();
  run.response.candidates = candidates;
  run.response.outliers = ApplyBoosts(snapshot_.policy(), scratch.viewer.policy,
                                      snapshot_.catalog(),
                                      scratch.slate_candidates, scratch.boosts);
  FillList(run);
  if (run.trace != nullptr) run.trace->boosted = scratch.slate_candidates;
  const absl::Duration time =
      run.End(Stage::kRerank, candidates, run.response.items.size());
  // A list that was hard to fill says nothing of what the next one costs.
  if (!run.filled.searched) costs_.Observe(Stage::kRerank, time);
}

void Pipeline::FillList(Run& run) const {
  PipelineScratch& scratch = run.scratch;
  const Popularity& popularity = snapshot_.popularity();
  run.filled = FillSlate(
      {.policy = &snapshot_.policy(),
       .catalog = &snapshot_.catalog(),
       .context = scratch.viewer.policy,
       .eligible = scratch.eligible.titles,
       .popular = {popularity.InCountry(scratch.viewer.policy.country).rows,
                   popularity.Everywhere().rows},
       .vectors = snapshot_.item_vectors().values(),
       .dimension = snapshot_.item_vectors().dimension(),
       .limit = run.request.limit,
       .pinned_source = AsByte(Source::kPinned),
       .popular_source = AsByte(Source::kPopular),
       .clock = &clock_,
       .deadline = run.request.deadline,
       .held_back = run.trace != nullptr ? &run.trace->held_back : nullptr},
      scratch.slate_candidates, scratch.slate, run.response.items);
  if (run.filled.gave_way > 0) {
    const absl::string_view why =
        run.filled.late      ? ": the deadline passed while titles within them "
                               "were looked for"
        : run.filled.cut_off ? ": the search for titles within them is bounded"
                             : "";
    run.Degrade(Degradation::Cause::kCapRelaxed,
                absl::StrCat("caps gave way for ", run.filled.gave_way,
                             " titles", why));
  }
}

void Pipeline::Guard(Run& run) const {
  const auto refused = [&](const PlacedTitle& title) {
    return FindUnshowable(snapshot_, run.request, run.scratch.viewer, title.row)
        .has_value();
  };
  run.response.guarded = std::erase_if(run.response.items, refused);
}

}  // namespace marquee
