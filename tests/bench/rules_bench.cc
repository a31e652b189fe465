#include "tests/bench/rules_bench.h"

#include <cstdio>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "core/base/status_macros.h"
#include "core/pipeline/pipeline.h"
#include "core/snapshot/snapshot.h"
#include "core/snapshot/snapshot_directory.h"
#include "marquee/config/manifest.pb.h"
#include "nlohmann/json.hpp"
#include "tests/bench/percentile.h"

namespace marquee {
namespace {

using Json = nlohmann::ordered_json;

struct RulesTimes {
  std::vector<double> rules_ms;
  std::vector<double> request_ms;
  size_t items = 0;
  size_t backfilled = 0;  // lists with popular items that fill them up
  size_t relaxed = 0;     // lists for which caps were relaxed
};

bool IsBackfilled(const RecommendResponse& response) {
  for (const RecommendedItem& item : response.items) {
    for (size_t i = 0; i < item.reason_count; ++i) {
      if (item.reasons[i].kind == ReasonKind::kBackfill) return true;
    }
  }
  return false;
}

void Count(const RecommendResponse& response, RulesTimes& times) {
  const auto& stages = response.stage_time;
  times.rules_ms.push_back(
      absl::ToDoubleMilliseconds(stages[static_cast<size_t>(Stage::kRerank)]));
  times.request_ms.push_back(absl::ToDoubleMilliseconds(
      std::accumulate(stages.begin(), stages.end(), absl::ZeroDuration())));
  times.items += response.items.size();
  times.backfilled += IsBackfilled(response);
  for (const Degradation& degradation : response.degradations) {
    times.relaxed += degradation.cause == Degradation::Cause::kCapRelaxed;
  }
}

absl::StatusOr<RulesTimes> Measure(const Pipeline& pipeline,
                                   const RulesBenchOptions& options,
                                   size_t limit) {
  const UserTable& users = pipeline.snapshot().users();
  PipelineScratch scratch(pipeline.snapshot(), pipeline.max_candidates());
  RecommendResponse response;
  RecommendRequest request;
  request.limit = limit;
  request.now = absl::FromUnixSeconds(
      pipeline.snapshot().manifest().created_unix_seconds());
  const std::vector<std::string> filter = absl::StrSplit(options.filter, '=');
  if (!options.filter.empty()) {
    if (filter.size() != 2) {
      return absl::InvalidArgumentError(absl::StrCat(
          "--filter: is '", options.filter, "', must be ATTRIBUTE=VALUE"));
    }
    request.filters.push_back({.attribute = filter[0], .any_of = {filter[1]}});
  }
  RulesTimes times;
  for (size_t i = 0; i < options.count; ++i) {
    if (users.size() > 0) {
      const size_t row = i * users.size() / options.count;
      request.user_id = users.Id(UserRow{static_cast<uint32_t>(row)});
    }
    MARQUEE_RETURN_IF_ERROR(pipeline.Recommend(request, scratch, response));
    Count(response, times);
  }
  return times;
}

Json AsJson(const RulesTimes& times, const Snapshot& snapshot, size_t limit) {
  const double requests = static_cast<double>(times.rules_ms.size());
  return {{"limit", limit},
          {"items", snapshot.catalog().size()},
          {"rules_p50_ms", Percentile(times.rules_ms, 0.5)},
          {"rules_p99_ms", Percentile(times.rules_ms, 0.99)},
          {"rules_max_ms", Percentile(times.rules_ms, 1)},
          {"request_p50_ms", Percentile(times.request_ms, 0.5)},
          {"request_p99_ms", Percentile(times.request_ms, 0.99)},
          {"mean_items", static_cast<double>(times.items) / requests},
          {"filled_up", static_cast<double>(times.backfilled) / requests},
          {"caps_relaxed", static_cast<double>(times.relaxed) / requests},
          {"requests", times.rules_ms.size()}};
}

}  // namespace

absl::Status BenchRules(const RulesBenchOptions& options) {
  MARQUEE_ASSIGN_OR_RETURN(const std::string version,
                           ResolveVersion(options.snapshot));
  MARQUEE_ASSIGN_OR_RETURN(const auto snapshot, Snapshot::Load(version));
  const Pipeline pipeline(*snapshot, {}, Clock::Real());
  Json json = Json::array();
  for (const size_t limit : options.limits) {
    MARQUEE_ASSIGN_OR_RETURN(const RulesTimes times,
                             Measure(pipeline, options, limit));
    json.push_back(AsJson(times, *snapshot, limit));
  }
  std::printf("%s\n", json.dump(1).c_str());
  return absl::OkStatus();
}

}  // namespace marquee
