// marquee train ranker: LambdaMART on the features that the server computes.
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/clock.h"
#include "core/base/request_limits.h"
#include "core/base/status_macros.h"
#include "core/files/atomic_file.h"
#include "core/files/output_file.h"
#include "core/files/scratch_directory.h"
#include "core/pipeline/pipeline.h"
#include "core/snapshot/snapshot.h"
#include "nlohmann/json.hpp"
#include "offline/build/snapshot_builder.h"
#include "offline/cli/print_json.h"
#include "offline/cli/ranker_moments.h"
#include "offline/cli/train.h"
#include "offline/cli/warn.h"
#include "offline/command_line/value_check.h"
#include "offline/data/als_file.h"
#include "offline/data/interaction_set.h"
#include "offline/doubts/interaction_match.h"
#include "offline/formats/progress.h"
#include "offline/formats/timestamp.h"
#include "offline/train/ranker_data.h"
#include "offline/train/ranker_rows.h"
#include "offline/train/xgboost_ranker.h"

namespace marquee {
namespace {

struct TrainRankerCall {
  MomentOptions moments;
  std::string out, rows, policy;
  RankerDataOptions collect;
  RankerOptions ranker;
  bool allow_worse = false;
  bool allow_other_history = false;
  bool allow_unmatched = false;
  bool json = false;
};

// Warns of what was not told before: moments share their files.
void WarnOnce(const std::vector<std::string>& lines,
              std::set<std::string>& told) {
  for (const std::string& line : lines) {
    if (told.insert(line).second) Warn(line);
  }
}

// Builds the snapshot of a moment. Without a ranker, it gives the candidates
// and columns of the server.
absl::StatusOr<BuildSummary> BuildMoment(const TrainRankerCall& call,
                                         const RankerMoment& moment,
                                         const std::string& snapshots) {
  MARQUEE_ASSIGN_OR_RETURN(
      BuildSummary built,
      BuildSnapshot({.data = call.moments.data,
                     .embeddings = moment.embeddings,
                     .policy = call.policy,
                     .snapshots = snapshots,
                     .until = moment.until,
                     .events = call.moments.events,
                     .golden_requests = 0,
                     .allow_unmatched = call.allow_unmatched}));
  if (!call.allow_other_history) {
    MARQUEE_RETURN_IF_ERROR(
        CheckSameHistory(built.vectors_seen, moment.embeddings, built.history,
                         absl::StrCat("the history of ", call.moments.data)));
  }
  return built;
}

absl::StatusOr<RankerData> CollectMoment(TrainRankerCall& call,
                                         const RankerMoment& moment,
                                         std::set<std::string>& told) {
  MARQUEE_ASSIGN_OR_RETURN(
      const InteractionSet labels,
      LoadInteractions(moment.labels, {.events = moment.events,
                                       .since = moment.since,
                                       .until = moment.end}));
  WarnOnce(labels.remarks, told);
  MARQUEE_ASSIGN_OR_RETURN(const auto scratch, ScratchDirectory::Create());
  MARQUEE_ASSIGN_OR_RETURN(const BuildSummary built,
                           BuildMoment(call, moment, scratch->path()));
  WarnOnce(built.conversions, told);
  WarnOnce(built.data_warnings, told);
  call.ranker.vectors = built.vectors;
  MARQUEE_ASSIGN_OR_RETURN(const auto snapshot, Snapshot::Load(built.path));
  const InteractionMatch match(labels, moment.labels, *snapshot,
                               call.moments.data);
  if (!call.allow_unmatched) MARQUEE_RETURN_IF_ERROR(match.Check());
  WarnOnce(match.Tell(), told);
  const Pipeline pipeline(*snapshot, {.candidates = call.collect.candidates},
                          Clock::Real());
  Progress progress("collecting candidates", 0, "users");
  return CollectRankerData(pipeline, labels, call.collect,
                           [&](size_t done, size_t) { progress.Update(done); });
}

absl::StatusOr<RankerData> Collect(TrainRankerCall& call,
                                   const RankerMoment& latest) {
  MARQUEE_ASSIGN_OR_RETURN(const auto scratch, ScratchDirectory::Create());
  MARQUEE_ASSIGN_OR_RETURN(const std::vector<RankerMoment> moments,
                           AllMoments(call.moments, latest, scratch->path()));
  RankerData data;
  std::set<std::string> told;
  for (const RankerMoment& moment : moments) {
    MARQUEE_ASSIGN_OR_RETURN(const RankerData more,
                             CollectMoment(call, moment, told));
    MARQUEE_RETURN_IF_ERROR(data.Append(more));
  }
  return data;
}

void PrintSummary(const TrainRankerCall& call, const RankerData& data,
                  const RankerModel& model) {
  const nlohmann::ordered_json result = {
      {"users", data.group_sizes.size()},
      {"rows", data.rows()},
      {"features", data.feature_names.size()},
      {"likes", data.likes},
      {"likes_retrieved", data.retrieved_likes},
      {"vectors", call.ranker.vectors},
      {"trees", model.trees},
      {"held_out_ndcg_10", model.ndcg},
      {"held_out_retrieval_ndcg_10", model.retrieval_ndcg},
      {"out", call.out}};
  if (call.json) return PrintJson(result);
  std::printf(
      "users       %zu, %zu candidates, %zu features\n"
      "labels      %llu likes, %llu of them among the candidates\n"
      "vectors     %s\n"
      "NDCG@10     %.4f by the ranker, %.4f in the order of retrieval "
      "(held-out "
      "users)\n"
      "written to  %s, %d trees\n",
      data.group_sizes.size(), data.rows(), data.feature_names.size(),
      static_cast<unsigned long long>(data.likes),
      static_cast<unsigned long long>(data.retrieved_likes),
      call.ranker.vectors.c_str(), model.ndcg, model.retrieval_ndcg,
      call.out.c_str(), model.trees);
}

absl::Status CheckOutputs(const TrainRankerCall& call) {
  MARQUEE_RETURN_IF_ERROR(CheckCanCreate(call.out));
  if (call.rows.empty()) return absl::OkStatus();
  std::error_code none;
  if (call.rows == call.out ||
      std::filesystem::equivalent(call.rows, call.out, none)) {
    return absl::InvalidArgumentError(
        "--rows and --out are one file: the model would replace the rows");
  }
  return CheckCanCreate(call.rows);
}

// For users that it did not learn from.
absl::Status CheckGain(const TrainRankerCall& call, const RankerModel& model) {
  if (model.ndcg >= model.retrieval_ndcg || call.allow_worse) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(absl::StrFormat(
      "the ranker puts the likes of held-out users lower than retrieval "
      "does: NDCG@10 %.4f, %.4f without it; nothing is written to %s "
      "(--allow-worse writes it anyway)",
      model.ndcg, model.retrieval_ndcg, call.out));
}

absl::Status Train(TrainRankerCall call) {
  MARQUEE_ASSIGN_OR_RETURN(const RankerMoment latest,
                           LatestMoment(call.moments));
  // Before the long work, not after it.
  MARQUEE_RETURN_IF_ERROR(CheckOutputs(call));
  MARQUEE_ASSIGN_OR_RETURN(const RankerData data, Collect(call, latest));
  if (!call.rows.empty()) {
    MARQUEE_RETURN_IF_ERROR(WriteRankerRows(data, call.rows));
  }
  RankerModel model;
  {
    Progress progress("boosting", static_cast<uint64_t>(call.ranker.rounds),
                      "trees");
    MARQUEE_ASSIGN_OR_RETURN(
        model, TrainRanker(data, call.ranker, [&](int round, double ndcg) {
          progress.Update(static_cast<uint64_t>(round),
                          absl::StrFormat("NDCG@10 %.4f", ndcg));
        }));
  }
  MARQUEE_RETURN_IF_ERROR(CheckGain(call, model));
  MARQUEE_RETURN_IF_ERROR(WriteFileAtomically(call.out, model.json));
  PrintSummary(call, data, model);
  return absl::OkStatus();
}

void AddLearning(TrainRankerCall& call, Command ranker) {
  ranker.AddOption("--rounds", call.ranker.rounds, "Trees at most")
      .ShowDefault()
      .Check(WholeNumber(1, 100000));
  ranker.AddOption("--leaves", call.ranker.leaves, "Of a tree")
      .ShowDefault()
      .Check(WholeNumber(2, 64));
  ranker
      .AddOption("--learning-rate", call.ranker.learning_rate,
                 "Smaller: more trees")
      .ShowDefault()
      .Check(RealNumber(0.0001, 1));
  ranker
      .AddOption("--min-leaf-weight", call.ranker.min_leaf_weight,
                 "Larger: more careful with little data")
      .ShowDefault()
      .Check(RealNumber(0, 1e6));
  ranker
      .AddOption("--candidates", call.collect.candidates,
                 "Of retrieval, for each user")
      .ShowDefault()
      .Check(WholeNumber(kMinCandidates, kMaxCandidates));
  ranker
      .AddOption("--max-users", call.collect.max_users,
                 "Taken at equal distances")
      .ShowDefault()
      .Check(WholeNumber(1, 100000000));
  ranker.AddOption("--seed", call.ranker.seed, "Of the sampling")
      .ShowDefault()
      .Check(Seed());
  ranker
      .AddOption("--threads", call.ranker.threads,
                 "0: all cores. The model depends on the number")
      .ShowDefault()
      .Check(WholeNumber(0, 256));
}

}  // namespace

void RegisterTrainRanker(Command train) {
  Command ranker = train.Add(
      "ranker", "LambdaMART on the features that the server computes");
  const auto call = std::make_shared<TrainRankerCall>();
  ranker
      .AddOption("--data", call->moments.data,
                 "Directory of items.jsonl, users.jsonl, interactions.csv")
      .Required();
  ranker
      .AddOption("--embeddings", call->moments.embeddings,
                 "What `marquee train als --until MOMENT` wrote: they must "
                 "not know the labels")
      .Required();
  ranker.AddOption("--out", call->out, "Model file, XGBoost JSON").Required();
  ranker.AddOption("--rows", call->rows,
                   "Also write the rows that it learns from, as CSV: user_id, "
                   "item_id, query_id (one for each user), label, features "
                   "by names that both trainers take; a model that "
                   "LightGBM or XGBoost learns from them is a ranker for "
                   "`marquee build`");
  ranker.AddOption(
      "--label-from", call->moments.label_from,
      "Likes from here on are the labels, what was before makes the features; "
      "default: until when the embeddings were trained");
  ranker.AddOption(
      "--labels", call->moments.labels,
      "CSV of the likes to learn from, when --data holds only what was before");
  ranker
      .AddOption("--moments", call->moments.moments,
                 "How many moments to learn from: the latest and those before "
                 "it, each with vectors trained until then")
      .ShowDefault()
      .Check(WholeNumber(1, 1000));
  ranker
      .AddOption("--every", call->moments.every,
                 "Hours or days between moments, such as 12h or 7d")
      .ShowDefault();
  ranker.AddOption("--policy", call->policy,
                   "Policy file, whose sources bring the candidates");
  ranker.AddFlag("--allow-worse", call->allow_worse,
                 "Write the model although it orders held-out users worse "
                 "than retrieval does");
  ranker.AddFlag("--allow-other-history", call->allow_other_history,
                 "Learn although the embeddings have seen other interactions "
                 "than the history is made of");
  ranker
      .AddOption("--events", call->moments.events,
                 "The events that are signs of liking, for example like,play; "
                 "by default those that the embeddings learnt from")
      .Split(',');
  ranker
      .AddOption("--label-events", call->moments.label_events,
                 "The events that are labels; by default those of --events")
      .Split(',');
  ranker.AddFlag("--allow-unmatched", call->allow_unmatched,
                 "Learn although most ids of one file are not in the others");
  AddLearning(*call, ranker);
  ranker.AddFlag("--json", call->json, "Print the summary as JSON");
  ranker.Does([call] { return Train(*call); });
}

}  // namespace marquee
