#include "core/pipeline/pipeline.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/base/request_limits.h"
#include "core/base/status_macros.h"
#include "core/pipeline/final_check.h"
#include "core/pipeline/mix.h"
#include "core/pipeline/shortfall.h"
#include "core/pipeline/warnings.h"
#include "core/simd/dot.h"
#include "core/sources/vector_scores.h"

namespace marquee {
namespace {

// Never NaN. A ranker with linear trees may return NaN, which becomes the
// lowest score.
float OrderableScore(double score) {
  constexpr float kLargest = std::numeric_limits<float>::max();
  if (!(score > -kLargest)) return -kLargest;
  return static_cast<float>(std::min<double>(score, kLargest));
}

}  // namespace

struct Pipeline::RequestRun {
  const RecommendRequest& request;
  PipelineScratch& scratch;
  RecommendResponse& response;
  Trace* trace;
  const Clock& clock;
  SteadyTime stage_began;
  // The list is for the user, not a row of certain sources in their order.
  bool is_personal = true;
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
  // Leaves out the time since the last stage ended: it was spent on
  // explanations.
  void LeaveOut() { stage_began = clock.Steady(); }
  // Places of the list up to the end of this part of it.
  size_t ListEnd() const { return scratch.shown.size() + request.limit; }
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
  MARQUEE_CHECK(request.limit >= 1 &&
                request.limit + request.shown.size() <= kMaxLimit);
  response.Clear();
  if (trace != nullptr) trace->Clear();
  RequestRun run{request, scratch, response, trace, clock_, clock_.Steady()};
  response.requested = request.limit;
  response.is_first_page = request.shown.empty();

  MARQUEE_RETURN_IF_ERROR(ResolveUser(snapshot_, request, scratch.user));
  response.vector_source = scratch.user.vector_source;
  run.End(Stage::kUserVector, 1, 1);

  MARQUEE_RETURN_IF_ERROR(FindEligible(snapshot_, eligibility_, request,
                                       scratch.user, scratch.eligible));
  response.eligible = scratch.eligible.count - FindShown(run);
  response.left_out = scratch.eligible.left_out;
  FindWarnings(snapshot_, request, scratch.user, scratch.eligible,
               response.warnings);
  run.End(Stage::kEligibility, snapshot_.catalog().size(),
          scratch.eligible.count);

  scratch.candidates.clear();
  scratch.mix = MixOf(request, snapshot_.policy(), scratch.user.context);
  run.is_personal = scratch.mix.weight(Source::kPersonal) != 0;
  response.tier = ChooseTier(run);
  FindCandidates(run);
  if (Ranks(run, response.tier)) Rank(run);
  Rerank(run);
  std::optional<RowItems> row;
  if (!request.sources.empty() && response.items.size() < request.limit) {
    row = CountRow(scratch.candidates, scratch.shown, response.items);
  }
  ExplainShortfall(run.filled, row, response);
  return absl::OkStatus();
}

// Returns how many of them are eligible. This part of the list has so many
// fewer to choose from.
size_t Pipeline::FindShown(RequestRun& run) const {
  PipelineScratch& scratch = run.scratch;
  scratch.shown.clear();
  size_t eligible = 0;
  for (const absl::string_view id : run.request.shown) {
    const std::optional<ItemRow> row = snapshot_.catalog().Find(id);
    const auto end = scratch.shown.end();
    if (!row || std::find(scratch.shown.begin(), end, *row) != end) continue;
    scratch.shown.push_back(*row);
    if (TestBit(scratch.eligible.items, Index(*row))) ++eligible;
  }
  return eligible;
}

bool Pipeline::Ranks(const RequestRun& run, Tier tier) const {
  return options_.use_ranker && snapshot_.ranker() != nullptr &&
         !run.scratch.user.similar_to && tier <= Tier::kReduced &&
         run.is_personal;
}

// Without the ranker and without a vector, an answer is of the lowest tier.
Tier Pipeline::TierOf(const RequestRun& run, Tier tier) {
  return tier == Tier::kRetrievalOrder && !run.scratch.user.has_vector()
             ? Tier::kPopular
             : tier;
}

Tier Pipeline::ChooseTier(RequestRun& run) const {
  // Without retrieval and ranking, the full answer is the cheapest.
  if (!run.scratch.user.similar_to && !run.is_personal) return Tier::kFull;
  if (!run.scratch.user.has_vector()) {
    const bool ranks = Ranks(run, Tier::kFull);
    run.Degrade(Degradation::Cause::kNoVector,
                "the user has no vector: items of the other sources");
    if (!ranks) return Tier::kPopular;
  }
  const Tier affordable =
      run.request.deadline == SteadyTime::InfiniteFuture()
          ? Tier::kFull
          : costs_.Affordable(run.Left(), Ranks(run, Tier::kFull));
  if (run.request.best_tier > Tier::kFull &&
      run.request.best_tier >= affordable) {
    run.Degrade(Degradation::Cause::kOverload, "the server is overloaded");
    return TierOf(run, run.request.best_tier);
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
  return TierOf(run, affordable);
}

Pipeline::Width Pipeline::WidthOf(const RequestRun& run) const {
  const Tier tier = run.response.tier;
  const bool is_row = !run.is_personal && !run.scratch.user.similar_to;
  // Nothing ranks them, so there may be more than the ranker has room for.
  if (tier == Tier::kPopular || is_row) {
    return {std::max(options_.candidates, run.ListEnd()), 1};
  }
  const float share = tier == Tier::kFull ? 1 : kReducedShare;
  const auto wanted =
      static_cast<size_t>(share * static_cast<float>(options_.candidates));
  return {std::max(wanted, std::min(run.ListEnd(), options_.candidates)),
          share};
}

void Pipeline::FindCandidates(RequestRun& run) const {
  PipelineScratch& scratch = run.scratch;
  if (scratch.user.similar_to && run.response.tier != Tier::kPopular) {
    FindSimilar(run);
    return;
  }
  if (!scratch.user.has_vector()) {
    scratch.mix = WithoutVector(scratch.mix);
  } else if (run.response.tier == Tier::kPopular) {
    scratch.mix = Cheapest(scratch.mix);
  }
  const Width width = WidthOf(run);
  scratch.sources.list(Source::kPersonal).Clear();
  if (scratch.mix.weight(Source::kPersonal) != 0) {
    Retrieve(run, width, scratch.retrieved);
    for (const Candidate& found : scratch.retrieved) {
      scratch.sources.list(Source::kPersonal).Add(found.row, found.score);
    }
  }
  ListCandidates(run, width.candidates);
  const absl::Duration time = run.End(Stage::kRetrieve, scratch.eligible.count,
                                      scratch.candidates.size());
  if (run.response.engine) costs_.Observe(Stage::kRetrieve, time, width.share);
  if (run.trace != nullptr) {
    run.trace->candidates = scratch.candidates;
    run.trace->origins = scratch.origins;
  }
  if (Ranks(run, run.response.tier)) GiveWayToDeadline(run);
  if (!Ranks(run, run.response.tier)) {
    ScoreByPlace(scratch.mix, scratch.sources.lists, scratch.origins,
                 scratch.candidates);
  }
}

void Pipeline::GiveWayToDeadline(RequestRun& run) const {
  if (run.request.deadline == SteadyTime::InfiniteFuture()) return;
  if (run.Left() >=
      costs_.Expected(Stage::kRank) + costs_.Expected(Stage::kRerank)) {
    return;
  }
  run.response.tier = TierOf(run, Tier::kRetrievalOrder);
  costs_.LeaveOut(Stage::kRank);
  run.Degrade(Degradation::Cause::kDeadline,
              "retrieval left too little time for the ranker");
}

void Pipeline::Retrieve(RequestRun& run, const Width& width,
                        std::vector<Candidate>& out) const {
  PipelineScratch& scratch = run.scratch;
  const RetrievalQuery query{
      .vector = scratch.user.vector,
      .eligible = scratch.eligible.retrievable,
      .eligible_count = scratch.eligible.retrievable_count,
      .k = width.candidates,
      .effort = width.share};
  const RetrievalEngine engine = planner_.Pick(query.eligible_count);
  out.resize(width.candidates);
  out.resize(planner_.engine(engine).Retrieve(query, scratch.retrieval, out));
  run.response.engine = engine;
  run.response.retrieved = out.size();
}

void Pipeline::ListCandidates(RequestRun& run, size_t count) const {
  PipelineScratch& scratch = run.scratch;
  ListSources({.catalog = &snapshot_.catalog(),
               .popularity = &snapshot_.popularity(),
               .related_items = &snapshot_.related_items()},
              scratch.mix,
              {.user = scratch.user.context,
               .eligible = scratch.eligible.items,
               .count = count},
              scratch.user.latest, scratch.sources);
  MergeSources(scratch.mix, scratch.sources.lists, count, scratch.sources.notes,
               scratch.candidates, scratch.origins);
  const ResolvedUser& user = scratch.user;
  ScoreByVector(snapshot_.item_vectors(),
                user.has_vector() ? user.vector : std::span<const float>(),
                scratch.sources.list(Source::kPersonal), scratch.origins,
                scratch.candidates);
}

void Pipeline::Rank(RequestRun& run) const {
  PipelineScratch& scratch = run.scratch;
  const UserContext& user = scratch.user.context;
  const Ranker& ranker = *snapshot_.ranker();
  const size_t count = scratch.candidates.size();
  const std::span<double> scores = std::span(scratch.scores).first(count);
  ranker.Score(user, scratch.candidates, scratch.origins, scratch.ranker,
               scores);
  const float share = run.response.tier == Tier::kFull ? 1 : kReducedShare;
  costs_.Observe(Stage::kRank, run.End(Stage::kRank, count, count), share);
  if (run.trace != nullptr) {
    run.trace->ranker_scores.assign(scores.begin(), scores.end());
    // An explanation shows all features.
    ranker.extractor().Extract(user, scratch.candidates, scratch.origins,
                               scratch.ranker.extraction,
                               scratch.ranker.features);
    run.LeaveOut();
  }
  for (size_t i = 0; i < count; ++i) {
    scratch.candidates[i].score = OrderableScore(scores[i]);
  }
}

// Retrieval is by inner product, which favours long vectors. Similarity is the
// angle.
void Pipeline::FindSimilar(RequestRun& run) const {
  PipelineScratch& scratch = run.scratch;
  const Width width = WidthOf(run);
  Retrieve(run, width, scratch.retrieved);
  scratch.candidates = scratch.retrieved;
  scratch.origins.assign(scratch.candidates.size(), {});
  costs_.Observe(Stage::kRetrieve,
                 run.End(Stage::kRetrieve, scratch.eligible.retrievable_count,
                         scratch.candidates.size()),
                 width.share);
  if (run.trace != nullptr) {
    run.trace->candidates = scratch.candidates;
    run.trace->origins = scratch.origins;
  }
  for (Candidate& candidate : scratch.candidates) {
    const std::span<const float> vector =
        snapshot_.item_vectors()[candidate.row];
    const float length = simd::Length(vector.data(), vector.size());
    candidate.score = length > 0 ? candidate.score / length : 0;
    candidate.source = Source::kSimilar;
  }
}

void Pipeline::Rerank(RequestRun& run) const {
  PipelineScratch& scratch = run.scratch;
  const size_t candidates = scratch.candidates.size();
  run.response.candidates = candidates;
  run.response.outliers =
      ApplyBoosts(snapshot_.policy(), scratch.user.context, snapshot_.catalog(),
                  scratch.candidates, scratch.boosts);
  FillList(run);
  FinalCheck(run);
  if (run.trace != nullptr) run.trace->boosted = scratch.candidates;
  const absl::Duration time =
      run.End(Stage::kRerank, candidates, run.response.items.size());
  // The time of a list that was hard to fill does not predict that of the next.
  if (!run.filled.searched) costs_.Observe(Stage::kRerank, time);
}

// A row of certain sources is not filled with anything else.
PopularItems Pipeline::Backfill(const RequestRun& run) const {
  if (!run.request.sources.empty()) return {};
  const Popularity& popularity = snapshot_.popularity();
  return {popularity.InCountry(run.scratch.user.context.country).rows,
          popularity.Everywhere().rows};
}

void Pipeline::FillList(RequestRun& run) const {
  PipelineScratch& scratch = run.scratch;
  run.filled = FillSlate(
      {.policy = &snapshot_.policy(),
       .catalog = &snapshot_.catalog(),
       .context = scratch.user.context,
       .eligible = scratch.eligible.items,
       .popular = Backfill(run),
       .vectors = snapshot_.item_vectors().values(),
       .dimension = snapshot_.item_vectors().dimension(),
       .limit = run.request.limit,
       .shown = scratch.shown,
       .clock = &clock_,
       .deadline = run.request.deadline,
       .held_back = run.trace != nullptr ? &run.trace->held_back : nullptr},
      scratch.candidates, scratch.slate, run.response.items);
  if (run.filled.relaxed > 0) {
    const absl::string_view why =
        run.filled.late      ? ": the deadline passed while items within them "
                               "were looked for"
        : run.filled.cut_off ? ": the search for items within them is bounded"
                             : "";
    run.Degrade(
        Degradation::Cause::kCapRelaxed,
        absl::StrCat("caps relaxed for ", run.filled.relaxed, " items", why));
  }
}

void Pipeline::FinalCheck(RequestRun& run) const {
  const auto refused = [&](const RecommendedItem& item) {
    return FindIneligibility(snapshot_, run.request, run.scratch.user, item.row)
        .has_value();
  };
  run.response.removed_by_final_check =
      std::erase_if(run.response.items, refused);
}

}  // namespace marquee
