#include "server/telemetry/server_metrics.h"

#include <map>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/telemetry/process_metrics.h"

namespace marquee {
namespace {

using Families = std::vector<prometheus::MetricFamily>;

// By "name{label=value,…}": the value, of a histogram the count.
std::map<std::string, double> Samples(const Families& families) {
  std::map<std::string, double> samples;
  for (const prometheus::MetricFamily& family : families) {
    for (const prometheus::ClientMetric& metric : family.metric) {
      std::string key = family.name;
      for (const auto& label : metric.label) {
        if (absl::StartsWith(label.name, "grpc_") &&
            label.name != "grpc_method" && label.name != "grpc_code")
          continue;
        absl::StrAppend(&key, ",", label.name, "=", label.value);
      }
      samples[key] = family.type == prometheus::MetricType::Histogram
                         ? static_cast<double>(metric.histogram.sample_count)
                         : metric.gauge.value;
    }
  }
  return samples;
}

TEST(ServerMetrics, EveryLabelValueExistsAtZero) {
  ServerMetrics metrics(2);
  const auto samples = Samples(metrics.Collect());
  for (const char* const key :
       {"grpc_server_started_total,grpc_method=Explain",
        "grpc_server_handled_total,grpc_method=Recommend,grpc_code=Unavailable",
        "grpc_server_handling_seconds,grpc_method=SimilarItems",
        "marquee_stage_duration_seconds,stage=rank",
        "marquee_queue_wait_seconds", "marquee_shed_total,reason=slow_queue",
        "marquee_served_total,tier=popular",
        "marquee_degraded_total,cause=deadline",
        "marquee_lists_total,fill=empty",
        "marquee_request_warnings_total,kind=country",
        "marquee_items_served_total,source=pinned",
        "marquee_final_check_removals_total", "marquee_inflight_requests",
        "marquee_snapshot_reload_total,result=failed",
        "marquee_snapshot_loaded"}) {
    ASSERT_TRUE(samples.contains(key)) << key;
    EXPECT_EQ(samples.at(key), 0) << key;
  }
}

TEST(ServerMetrics, AddsUpTheThreads) {
  ServerMetrics metrics(3);
  metrics.shard(0).Started(Method::kRecommend);
  metrics.shard(1).Started(Method::kRecommend);
  metrics.shard(2).Handled(Method::kRecommend, 0, absl::Milliseconds(1));
  metrics.shard(1).Refused(ShedReason::kQueueFull);
  const auto samples = Samples(metrics.Collect());
  EXPECT_EQ(samples.at("grpc_server_started_total,grpc_method=Recommend"), 2);
  EXPECT_EQ(samples.at(
                "grpc_server_handled_total,grpc_method=Recommend,grpc_code=OK"),
            1);
  EXPECT_EQ(samples.at("marquee_inflight_requests"), 1);
  EXPECT_EQ(samples.at("marquee_shed_total,reason=queue_full"), 1);
}

TEST(ServerMetrics, CountsWhatAnAnswerWas) {
  ServerMetrics metrics(1);
  RecommendResponse response;
  response.tier = Tier::kReduced;
  response.degradations.push_back({Degradation::Cause::kOverload, ""});
  response.warnings.push_back({Warning::Kind::kScene, "scene", ""});
  response.requested = 5;
  response.items.resize(3);
  response.items[2].source = Source::kPinned;
  response.stage_time[static_cast<size_t>(Stage::kRetrieve)] =
      absl::Milliseconds(2);
  response.removed_by_final_check = 2;
  response.outliers = 3;
  metrics.shard(0).Served(response);
  const auto samples = Samples(metrics.Collect());
  EXPECT_EQ(samples.at("marquee_served_total,tier=reduced"), 1);
  EXPECT_EQ(samples.at("marquee_degraded_total,cause=overload"), 1);
  EXPECT_EQ(samples.at("marquee_request_warnings_total,kind=scene"), 1);
  EXPECT_EQ(samples.at("marquee_items_served_total,source=personal"), 2);
  EXPECT_EQ(samples.at("marquee_items_served_total,source=pinned"), 1);
  EXPECT_EQ(samples.at("marquee_stage_duration_seconds,stage=retrieve"), 1);
  EXPECT_EQ(samples.at("marquee_stage_duration_seconds,stage=rank"), 0);
  EXPECT_EQ(samples.at("marquee_final_check_removals_total"), 2);
  EXPECT_EQ(samples.at("marquee_score_outliers_total"), 3);
}

TEST(ServerMetrics, CountsListsByHowFullTheyAre) {
  ServerMetrics metrics(1);
  RecommendResponse response;
  response.requested = 2;
  for (const size_t items : {0, 1, 1, 2, 2, 2}) {
    response.items.resize(items);
    metrics.shard(0).Served(response);
  }
  const auto samples = Samples(metrics.Collect());
  EXPECT_EQ(samples.at("marquee_lists_total,fill=empty"), 1);
  EXPECT_EQ(samples.at("marquee_lists_total,fill=short"), 2);
  EXPECT_EQ(samples.at("marquee_lists_total,fill=full"), 3);
}

TEST(ServerMetrics, SaysHowMuchOfEachSectionIsInMemory) {
  ServerMetrics metrics(1);
  metrics.SetSources({.snapshot = [] {
    return SnapshotFacts{.sections = {{.name = "graph",
                                       .bytes = 5000,
                                       .placement = Placement::kHugePages,
                                       .residency = {.resident_bytes = 8192,
                                                     .huge_page_bytes = 4096}},
                                      {.name = "users", .bytes = 70}}};
  }});
  const auto samples = Samples(metrics.Collect());
  EXPECT_EQ(samples.at("marquee_snapshot_section_bytes,section=graph"), 5000);
  EXPECT_EQ(samples.at("marquee_snapshot_section_resident_bytes,section=graph"),
            8192);
  EXPECT_EQ(
      samples.at("marquee_snapshot_section_huge_page_bytes,section=graph"),
      4096);
  EXPECT_EQ(samples.at("marquee_snapshot_section_bytes,section=users"), 70);
  EXPECT_EQ(
      samples.at("marquee_snapshot_section_huge_page_bytes,section=users"), 0);
}

TEST(ServerMetrics, FamiliesHaveOneNameHelpAndUniqueSamples) {
  ServerMetrics metrics(1);
  metrics.SetSources(
      {.queue_depth = [] { return size_t{3}; },
       .overloaded = [] { return true; },
       .snapshot = [] { return SnapshotFacts{.version = 9, .digest = "d"}; }});
  Families families = metrics.Collect();
  const Families process = ProcessMetrics().Collect();
  families.insert(families.end(), process.begin(), process.end());
  std::set<std::string> names;
  for (const prometheus::MetricFamily& family : families) {
    EXPECT_TRUE(names.insert(family.name).second) << family.name;
    EXPECT_FALSE(family.help.empty()) << family.name;
    EXPECT_EQ(family.type == prometheus::MetricType::Counter,
              absl::EndsWith(family.name, "_total"))
        << family.name;
    EXPECT_EQ(Samples({family}).size(), family.metric.size()) << family.name;
  }
  const auto samples = Samples(families);
  EXPECT_EQ(samples.at("marquee_snapshot_info,version=9,digest=d"), 1);
  EXPECT_EQ(samples.at("marquee_ranker_info,engine=none,ranks_of_items=no"), 1);
  EXPECT_EQ(samples.at("marquee_queue_depth"), 3);
  EXPECT_GT(samples.at("process_resident_memory_bytes"), 1e6);
  EXPECT_GT(samples.at("process_start_time_seconds"), 1.6e9);
  EXPECT_GE(samples.at("process_threads"), 1);
}

}  // namespace
}  // namespace marquee
