// marquee recommend: the server's pipeline on one request, without a server.
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "core/base/clock.h"
#include "core/base/status_macros.h"
#include "core/pipeline/explain.h"
#include "core/pipeline/pipeline.h"
#include "core/pipeline/request_limits.h"
#include "core/rerank/policy.h"
#include "core/snapshot/snapshot.h"
#include "core/snapshot/snapshot_directory.h"
#include "nlohmann/json.hpp"
#include "offline/cli/command.h"
#include "offline/cli/print_json.h"
#include "offline/cli/recommend_call.h"
#include "offline/cli/whole_number.h"

namespace marquee {
namespace {

// One request with all that was made for it.
struct Answer {
  const Snapshot& snapshot;
  const Pipeline& pipeline;
  const RecommendRequest& request;
  PipelineScratch scratch;
  RecommendResponse response;
  Trace trace;
};

std::string Reasons(const PlacedTitle& title) {
  std::vector<std::string> reasons;
  for (size_t i = 0; i < title.reason_count; ++i) {
    const Reason& reason = title.reasons[i];
    reasons.push_back(absl::StrCat(
        ReasonName(reason.kind), reason.rule.empty() ? "" : " ", reason.rule));
  }
  return absl::StrJoin(reasons, ", ");
}

void PrintList(const Answer& answer) {
  const RecommendResponse& response = answer.response;
  for (size_t i = 0; i < response.items.size(); ++i) {
    const PlacedTitle& title = response.items[i];
    std::string text =
        absl::StrFormat("%3d  %8.3f  %-9s %-12s %s", i + 1, title.score,
                        SourceName(static_cast<Source>(title.source)),
                        answer.snapshot.catalog().Id(title.row),
                        answer.snapshot.catalog().Title(title.row));
    const std::string reasons = Reasons(title);
    if (!reasons.empty()) absl::StrAppend(&text, "  [", reasons, "]");
    std::printf("%s\n", text.c_str());
  }
  std::printf("%zu of %zu titles, tier %s, snapshot %llu\n",
              response.items.size(), response.requested,
              std::string(TierName(response.tier)).c_str(),
              static_cast<unsigned long long>(answer.snapshot.version()));
  for (const Degradation& degradation : response.degradations) {
    std::printf("%s: %s\n", std::string(CauseName(degradation.cause)).c_str(),
                degradation.detail.c_str());
  }
}

void PrintTrace(const Answer& answer) {
  std::printf(
      "\nplaced by: %s; engine: %s\n",
      std::string(VectorSourceName(answer.response.vector_source)).c_str(),
      answer.response.engine
          ? std::string(RetrievalEngineName(*answer.response.engine)).c_str()
          : "none");
  for (const Trace::StageCount& stage : answer.trace.stages) {
    std::printf(
        "%-12s %8zu in %8zu out %10.3f ms\n",
        std::string(StageName(stage.stage)).c_str(), stage.in, stage.out,
        absl::ToDoubleMilliseconds(
            answer.response.stage_time[static_cast<size_t>(stage.stage)]));
  }
}

// The row of the feature matrix that a title has; -1: it was not ranked.
int RankedRow(const Answer& answer, ItemRow row) {
  if (answer.trace.ranker_scores.empty()) return -1;
  for (size_t i = 0; i < answer.trace.retrieved.size(); ++i) {
    if (answer.trace.retrieved[i].row == row) return static_cast<int>(i);
  }
  return -1;
}

void PrintFeatures(const Answer& answer) {
  if (answer.snapshot.ranker() == nullptr) return;
  const std::vector<std::string>& names =
      answer.snapshot.ranker()->feature_names();
  for (const PlacedTitle& title : answer.response.items) {
    const int row = RankedRow(answer, title.row);
    if (row < 0) continue;
    std::string text = absl::StrFormat(
        "%s: retrieved %d of %d with %.4f, ranker %.4f;",
        answer.snapshot.catalog().Id(title.row), row + 1,
        answer.trace.retrieved.size(), answer.trace.retrieved[row].score,
        answer.trace.ranker_scores[row]);
    for (size_t f = 0; f < names.size(); ++f) {
      absl::StrAppendFormat(&text, " %s=%g", names[f],
                            answer.scratch.ranker.features.At(row, f));
    }
    std::printf("%s\n", text.c_str());
  }
}

nlohmann::ordered_json AsJson(const Answer& answer) {
  nlohmann::ordered_json items = nlohmann::ordered_json::array();
  for (const PlacedTitle& title : answer.response.items) {
    nlohmann::ordered_json reasons = nlohmann::ordered_json::array();
    for (size_t i = 0; i < title.reason_count; ++i) {
      reasons.push_back(
          {{"kind", std::string(ReasonName(title.reasons[i].kind))},
           {"rule", std::string(title.reasons[i].rule)}});
    }
    items.push_back(
        {{"item_id", std::string(answer.snapshot.catalog().Id(title.row))},
         {"title", std::string(answer.snapshot.catalog().Title(title.row))},
         {"score", title.score},
         {"source", std::string(SourceName(static_cast<Source>(title.source)))},
         {"reasons", reasons}});
  }
  nlohmann::ordered_json degradations = nlohmann::ordered_json::array();
  for (const Degradation& degradation : answer.response.degradations) {
    degradations.push_back(
        {{"cause", std::string(CauseName(degradation.cause))},
         {"detail", degradation.detail}});
  }
  return {{"snapshot_version", answer.snapshot.version()},
          {"tier", std::string(TierName(answer.response.tier))},
          {"requested", answer.response.requested},
          {"filled", answer.response.items.size()},
          {"degradations", degradations},
          {"items", items}};
}

nlohmann::ordered_json FateAsJson(const std::string& id, const Fate& fate) {
  return {{"item_id", id},
          {"end", std::string(EndName(fate.end))},
          {"exact_retrieval_rank", fate.exact_rank},
          {"ranker_rank", fate.ranker_rank},
          {"position", fate.position},
          {"rule", fate.rule},
          {"detail", fate.detail}};
}

void Print(const RecommendCall& call, const Answer& answer) {
  nlohmann::ordered_json json = AsJson(answer);
  if (!call.json) {
    PrintList(answer);
    if (call.explain) {
      PrintTrace(answer);
      PrintFeatures(answer);
    }
  }
  const std::vector<absl::string_view> ids(call.why_not.begin(),
                                           call.why_not.end());
  const std::vector<Fate> fates =
      AccountFor(answer.pipeline, answer.request, answer.scratch,
                 answer.response, answer.trace, ids);
  for (size_t i = 0; i < fates.size(); ++i) {
    const std::string& id = call.why_not[i];
    const Fate& fate = fates[i];
    json["fates"].push_back(FateAsJson(id, fate));
    if (!call.json) {
      std::printf("%s: %s: %s\n", id.c_str(),
                  std::string(EndName(fate.end)).c_str(), fate.detail.c_str());
    }
  }
  if (call.json) PrintJson(json);
}

absl::Status Recommend(const RecommendCall& call) {
  MARQUEE_ASSIGN_OR_RETURN(const RecommendRequest request,
                           RequestOf(call, Clock::Real().Now()));
  MARQUEE_ASSIGN_OR_RETURN(const std::string version,
                           ResolveVersion(call.snapshot));
  MARQUEE_ASSIGN_OR_RETURN(const auto snapshot, Snapshot::Load(version));
  const Pipeline pipeline(*snapshot, {}, Clock::Real());
  Answer answer{
      *snapshot, pipeline,
      request,   PipelineScratch(*snapshot, pipeline.max_candidates()),
      {},        {}};
  MARQUEE_RETURN_IF_ERROR(pipeline.Recommend(request, answer.scratch,
                                             answer.response, &answer.trace));
  Print(call, answer);
  return absl::OkStatus();
}

}  // namespace

void RegisterRecommend(CLI::App& app, Action* action) {
  CLI::App* const recommend = app.add_subcommand(
      "recommend", "Answer one request from a snapshot, without a server");
  const auto call = std::make_shared<RecommendCall>();
  recommend
      ->add_option("--snapshot", call->snapshot,
                   "A version, or the directory of the versions: the newest")
      ->required();
  recommend->add_option("--user", call->user,
                        "Id; none or unknown: a newcomer");
  recommend->add_option("--similar-to", call->similar_to,
                        "Titles like this one instead");
  recommend->add_option("--country", call->country,
                        "Two letters; none: the user's");
  recommend->add_option("--device", call->device, "For example tv");
  recommend->add_option("--language", call->language, "None: the user's");
  recommend->add_option("--scene", call->scene, "For example home");
  recommend
      ->add_option("--maturity-limit", call->maturity_limit,
                   "Age of the profile")
      ->check(WholeNumber(0, kMaxMaturityLimit));
  recommend->add_option("--limit", call->limit, "How many titles")
      ->capture_default_str()
      ->check(WholeNumber(1, kMaxLimit));
  recommend->add_option("--watched", call->watched,
                        "Ids of titles watched just now");
  recommend->add_option("--exclude", call->exclude,
                        "Ids of titles not to show");
  recommend->add_option("--filter", call->filters,
                        "ATTRIBUTE=VALUE that titles must have");
  recommend->add_option(
      "--now", call->now,
      "Answer as of this moment (RFC 3339, day, Unix seconds)");
  recommend->add_option("--why-not", call->why_not,
                        "Ids of titles to account for");
  recommend->add_flag("--explain", call->explain,
                      "Print the stages, and the features of each title");
  recommend->add_flag("--json", call->json, "Print JSON");
  recommend->callback(
      [call, action] { *action = [call] { return Recommend(*call); }; });
}

}  // namespace marquee
