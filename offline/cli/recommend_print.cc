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

std::string Reasons(const RecommendedItem& item) {
  std::vector<std::string> reasons;
  for (size_t i = 0; i < item.reason_count; ++i) {
    const Reason& reason = item.reasons[i];
    reasons.push_back(absl::StrCat(
        ReasonName(reason.kind), reason.rule.empty() ? "" : " ", reason.rule));
  }
  return absl::StrJoin(reasons, ", ");
}

void PrintList(const Answer& answer) {
  const RecommendResponse& response = answer.response;
  for (size_t i = 0; i < response.items.size(); ++i) {
    const RecommendedItem& item = response.items[i];
    std::string text = absl::StrFormat(
        "%3d  %8.3f  %-9s %-12s %s", i + 1, item.score, SourceName(item.source),
        answer.snapshot.catalog().Id(item.row),
        answer.snapshot.catalog().Title(item.row));
    const std::string reasons = Reasons(item);
    if (!reasons.empty()) absl::StrAppend(&text, "  [", reasons, "]");
    std::printf("%s\n", text.c_str());
  }
  std::printf("%zu of %zu items, tier %s, snapshot %llu\n",
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

// "personal 3, trending 12": the ranks in the lists of the sources.
std::string TellSources(const CandidateOrigin& origin) {
  std::vector<std::string> sources;
  for (size_t s = 0; s < kCandidateSources; ++s) {
    if (origin.rank[s] == 0) continue;
    sources.push_back(
        absl::StrCat(SourceName(static_cast<Source>(s)), " ", origin.rank[s]));
  }
  return absl::StrJoin(sources, ", ");
}

void PrintFeatures(const Answer& answer, const Explanation& explanation) {
  for (const ExplainedItem& item : explanation.items) {
    const std::string sources = TellSources(item.origin);
    if (sources.empty()) continue;
    std::string text = absl::StrFormat("%s: %s; inner product %.4f",
                                       answer.snapshot.catalog().Id(item.row),
                                       sources, item.retrieval_score);
    if (item.ranker_rank > 0) {
      absl::StrAppendFormat(&text, "; ranker %d with %.4f;", item.ranker_rank,
                            item.ranker_score);
    }
    for (size_t f = 0; f < item.features.size(); ++f) {
      absl::StrAppendFormat(&text, " %s=%g",
                            answer.snapshot.ranker()->feature_names()[f],
                            item.features[f]);
    }
    std::printf("%s\n", text.c_str());
  }
}

nlohmann::ordered_json ItemAsJson(const Answer& answer,
                                  const RecommendedItem& item) {
  nlohmann::ordered_json reasons = nlohmann::ordered_json::array();
  for (size_t i = 0; i < item.reason_count; ++i) {
    reasons.push_back({{"kind", std::string(ReasonName(item.reasons[i].kind))},
                       {"rule", std::string(item.reasons[i].rule)}});
  }
  return {{"item_id", std::string(answer.snapshot.catalog().Id(item.row))},
          {"title", std::string(answer.snapshot.catalog().Title(item.row))},
          {"score", item.score},
          {"source", std::string(SourceName(item.source))},
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

nlohmann::ordered_json OriginAsJson(const ExplainedItem& item) {
  nlohmann::ordered_json ranks = nlohmann::ordered_json::object();
  for (size_t s = 0; s < kCandidateSources; ++s) {
    if (item.origin.rank[s] == 0) continue;
    ranks[std::string(SourceName(static_cast<Source>(s)))] =
        item.origin.rank[s];
  }
  return ranks;
}

// The data of PrintFeatures for an item; null: it was not ranked.
nlohmann::ordered_json RankingAsJson(const Answer& answer,
                                     const ExplainedItem& item) {
  if (item.ranker_rank == 0) return nullptr;
  nlohmann::ordered_json features = nlohmann::ordered_json::object();
  for (size_t f = 0; f < item.features.size(); ++f) {
    // JSON has no NaN: a missing value is null.
    features[answer.snapshot.ranker()->feature_names()[f]] = item.features[f];
  }
  return {{"retrieval_score", item.retrieval_score},
          {"ranker_rank", item.ranker_rank},
          {"ranker_score", item.ranker_score},
          {"features", features}};
}

nlohmann::ordered_json AsJson(const Answer& answer,
                              const Explanation& explanation, bool explain) {
  nlohmann::ordered_json items = nlohmann::ordered_json::array();
  for (size_t i = 0; i < answer.response.items.size(); ++i) {
    items.push_back(ItemAsJson(answer, answer.response.items[i]));
    if (explain) {
      items.back()["source_ranks"] = OriginAsJson(explanation.items[i]);
      items.back()["ranking"] = RankingAsJson(answer, explanation.items[i]);
    }
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

nlohmann::ordered_json OutcomeAsJson(const std::string& id,
                                     const ItemOutcome& outcome) {
  return {{"item_id", id},
          {"outcome", std::string(OutcomeName(outcome.outcome))},
          {"exact_retrieval_rank", outcome.exact_rank},
          {"ranker_rank", outcome.ranker_rank},
          {"position", outcome.position},
          {"rule", outcome.rule},
          {"detail", outcome.detail}};
}

}  // namespace

void PrintAnswer(const RecommendCall& call, const Answer& answer) {
  const std::vector<absl::string_view> ids(call.why_not.begin(),
                                           call.why_not.end());
  const Explanation explanation = Explain({.pipeline = answer.pipeline,
                                           .request = answer.request,
                                           .scratch = answer.scratch,
                                           .response = answer.response,
                                           .trace = answer.trace},
                                          ids);
  nlohmann::ordered_json json = AsJson(answer, explanation, call.explain);
  if (!call.json) {
    PrintList(answer);
    if (call.explain) {
      PrintTrace(answer);
      PrintFeatures(answer, explanation);
    }
  }
  for (size_t i = 0; i < ids.size(); ++i) {
    const ItemOutcome& outcome = explanation.outcomes[i];
    json["outcomes"].push_back(OutcomeAsJson(call.why_not[i], outcome));
    if (!call.json) {
      std::printf("%s: %s: %s\n", call.why_not[i].c_str(),
                  std::string(OutcomeName(outcome.outcome)).c_str(),
                  outcome.detail.c_str());
    }
  }
  if (call.json) PrintJson(json);
}

}  // namespace marquee
