#include "tests/bench/rank_stage_bench.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "core/base/clock.h"
#include "core/base/status_macros.h"
#include "core/pipeline/pipeline.h"
#include "core/snapshot/snapshot.h"
#include "core/snapshot/snapshot_directory.h"
#include "marquee/config/manifest.pb.h"
#include "nlohmann/json.hpp"
#include "tests/bench/largest_difference.h"
#include "tests/bench/percentile.h"

namespace marquee {
namespace {

using Json = nlohmann::ordered_json;

// What the stage is given for one request.
struct RankInput {
  ResolvedUser user;
  std::vector<Candidate> candidates;
  std::vector<CandidateOrigin> origins;
};

absl::StatusOr<std::vector<std::unique_ptr<RankInput>>> Collect(
    const Pipeline& pipeline, size_t count) {
  const UserTable& users = pipeline.snapshot().users();
  PipelineScratch scratch(pipeline.snapshot(), pipeline.max_candidates());
  RecommendResponse response;
  std::vector<std::unique_ptr<RankInput>> inputs;
  for (size_t i = 0; i < count && users.size() > 0; ++i) {
    const auto user = static_cast<uint32_t>(i * users.size() / count);
    RecommendRequest request;
    request.user_id = users.Id(UserRow{user});
    request.now = absl::FromUnixSeconds(
        pipeline.snapshot().manifest().created_unix_seconds());
    auto input = std::make_unique<RankInput>();
    Trace trace;
    MARQUEE_RETURN_IF_ERROR(
        pipeline.Recommend(request, scratch, response, &trace));
    if (trace.ranker_scores.empty()) continue;  // no vector
    MARQUEE_RETURN_IF_ERROR(
        ResolveUser(pipeline.snapshot(), request, input->user));
    input->candidates = trace.candidates;
    input->origins = trace.origins;
    inputs.push_back(std::move(input));
  }
  if (inputs.empty()) {
    return absl::FailedPreconditionError("no user of the snapshot is ranked");
  }
  return inputs;
}

// One way to the scores.
struct Way {
  std::string name;
  bool by_ranks = false;  // of items
  std::vector<double> ms;
  std::vector<double> scores;
};

void Score(const Ranker& ranker, const RankInput& input, RankerScratch& scratch,
           Way& way) {
  const UserContext& user = input.user.context;
  way.scores.resize(input.candidates.size());
  const SteadyTime start = Clock::Real().Steady();
  if (way.by_ranks) {
    ranker.Score(user, input.candidates, input.origins, scratch, way.scores);
  } else {
    ranker.ScoreByFeatures(user, input.candidates, input.origins, scratch,
                           way.scores);
  }
  way.ms.push_back(absl::ToDoubleMilliseconds(Clock::Real().Steady() - start));
}

}  // namespace

absl::Status BenchRankStage(const RankStageBenchOptions& options) {
  MARQUEE_ASSIGN_OR_RETURN(const std::string version,
                           ResolveVersion(options.snapshot));
  MARQUEE_ASSIGN_OR_RETURN(const auto snapshot, Snapshot::Load(version));
  const Ranker* const ranker = snapshot->ranker();
  if (ranker == nullptr || !ranker->ranks_items()) {
    return absl::FailedPreconditionError(
        absl::StrCat(version, ranker == nullptr ? ": has no ranker"
                                                : ": has no ranks of items"));
  }
  const Pipeline pipeline(*snapshot, {.candidates = options.rows},
                          Clock::Real());
  MARQUEE_ASSIGN_OR_RETURN(const auto inputs, Collect(pipeline, options.count));
  RankerScratch scratch = ranker->MakeScratch(options.rows);
  Way ways[] = {{.name = "item_ranks", .by_ranks = true}, {.name = "features"}};
  size_t order[] = {0, 1};
  double difference = 0;
  size_t rows = 0;
  for (const auto& input : inputs) {
    // Each finds the caches warm every second time.
    std::swap(order[0], order[1]);
    for (const size_t at : order) Score(*ranker, *input, scratch, ways[at]);
    rows += input->candidates.size();
    difference =
        std::max(difference, LargestDifference(ways[0].scores, ways[1].scores));
  }
  Json json = Json::array();
  const double mean_rows =
      static_cast<double>(rows) / static_cast<double>(inputs.size());
  for (const Way& way : ways) {
    const double p50 = Percentile(way.ms, 0.5);
    json.push_back(
        {{"engine", way.name},
         {"rows", mean_rows},
         {"items", snapshot->catalog().size()},
         {"trees", ranker->trees()},
         {"features", ranker->feature_names().size()},
         {"p50_ms", p50},
         {"p99_ms", Percentile(way.ms, 0.99)},
         {"ns_per_row_tree",
          p50 * 1e6 / mean_rows / static_cast<double>(ranker->trees())},
         {"max_abs_difference", difference},
         {"requests", way.ms.size()}});
  }
  std::printf("%s\n", json.dump(1).c_str());
  return absl::OkStatus();
}

}  // namespace marquee
