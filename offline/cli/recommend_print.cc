#include "offline/cli/recommend_print.h"

#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "core/pipeline/explain.h"
#include "nlohmann/json.hpp"
#include "offline/cli/print_json.h"

namespace marquee {
namespace {

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
  for (const Warning& warning : response.warnings) {
    std::printf("warning: %s: %s\n", std::string(warning.field).c_str(),
                warning.detail.c_str());
  }
}

std::string EngineName(const Answer& answer) {
  if (!answer.response.engine) return "none";
  return std::string(RetrievalEngineName(*answer.response.engine));
}

void PrintTrace(const Answer& answer) {
  std::printf(
      "\nplaced by: %s; engine: %s\n",
      std::string(VectorSourceName(answer.response.vector_source)).c_str(),
      EngineName(answer).c_str());
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

nlohmann::ordered_json TitleAsJson(const Answer& answer,
                                   const PlacedTitle& title) {
  nlohmann::ordered_json reasons = nlohmann::ordered_json::array();
  for (size_t i = 0; i < title.reason_count; ++i) {
    reasons.push_back({{"kind", std::string(ReasonName(title.reasons[i].kind))},
                       {"rule", std::string(title.reasons[i].rule)}});
  }
  return {
      {"item_id", std::string(answer.snapshot.catalog().Id(title.row))},
      {"title", std::string(answer.snapshot.catalog().Title(title.row))},
      {"score", title.score},
      {"source", std::string(SourceName(static_cast<Source>(title.source)))},
      {"reasons", reasons}};
}

nlohmann::ordered_json StagesAsJson(const Answer& answer) {
  nlohmann::ordered_json stages = nlohmann::ordered_json::array();
  for (const Trace::StageCount& stage : answer.trace.stages) {
    stages.push_back(
        {{"stage", std::string(StageName(stage.stage))},
         {"in", stage.in},
         {"out", stage.out},
         {"ms",
          absl::ToDoubleMilliseconds(
              answer.response.stage_time[static_cast<size_t>(stage.stage)])}});
  }
  return stages;
}

// What PrintFeatures prints of a title; null: it was not ranked.
nlohmann::ordered_json RankingAsJson(const Answer& answer, ItemRow title) {
  const int row = RankedRow(answer, title);
  if (answer.snapshot.ranker() == nullptr || row < 0) return nullptr;
  nlohmann::ordered_json features = nlohmann::ordered_json::object();
  const std::vector<std::string>& names =
      answer.snapshot.ranker()->feature_names();
  for (size_t f = 0; f < names.size(); ++f) {
    // JSON has no NaN: a missing value is null.
    features[names[f]] = answer.scratch.ranker.features.At(row, f);
  }
  return {{"retrieval_position", row + 1},
          {"retrieval_score", answer.trace.retrieved[row].score},
          {"ranker_score", answer.trace.ranker_scores[row]},
          {"features", features}};
}

nlohmann::ordered_json AsJson(const Answer& answer, bool explain) {
  nlohmann::ordered_json items = nlohmann::ordered_json::array();
  for (const PlacedTitle& title : answer.response.items) {
    items.push_back(TitleAsJson(answer, title));
    if (explain) items.back()["ranking"] = RankingAsJson(answer, title.row);
  }
  nlohmann::ordered_json degradations = nlohmann::ordered_json::array();
  for (const Degradation& degradation : answer.response.degradations) {
    degradations.push_back(
        {{"cause", std::string(CauseName(degradation.cause))},
         {"detail", degradation.detail}});
  }
  nlohmann::ordered_json warnings = nlohmann::ordered_json::array();
  for (const Warning& warning : answer.response.warnings) {
    warnings.push_back({{"kind", std::string(WarningName(warning.kind))},
                        {"field", std::string(warning.field)},
                        {"detail", warning.detail}});
  }
  nlohmann::ordered_json json = {
      {"snapshot_version", answer.snapshot.version()},
      {"tier", std::string(TierName(answer.response.tier))},
      {"requested", answer.response.requested},
      {"filled", answer.response.items.size()},
      {"degradations", degradations},
      {"warnings", warnings},
      {"items", items}};
  if (explain) {
    json["vector_source"] =
        std::string(VectorSourceName(answer.response.vector_source));
    json["engine"] = EngineName(answer);
    json["stages"] = StagesAsJson(answer);
  }
  return json;
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

}  // namespace

void PrintAnswer(const RecommendCall& call, const Answer& answer) {
  nlohmann::ordered_json json = AsJson(answer, call.explain);
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

}  // namespace marquee
