#include "server/telemetry/server_metrics.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "core/base/version.h"

namespace marquee {
namespace {

constexpr absl::string_view kService = "marquee.v1.RecommendationService";

MetricLabels RpcLabels(Method method) {
  return {{"grpc_type", "unary"},
          {"grpc_service", kService},
          {"grpc_method", MethodName(method)}};
}

template <typename Name>
void AddByEnum(MetricFamilies& families, const auto& counts,
               absl::string_view label, Name name) {
  for (size_t i = 0; i < counts.size(); ++i) {
    families.Sample(static_cast<double>(counts[i]), {{label, name(i)}});
  }
}

}  // namespace

ServerMetrics::ServerMetrics(size_t threads) : shards_(threads) {}

void ServerMetrics::SetSources(Sources sources) {
  absl::MutexLock lock(&mu_);
  sources_ = std::move(sources);
}

void ServerMetrics::Declare(const Policy& policy) {
  const RuleCounts rules = RulesOf(policy);
  for (RequestMetrics& shard : shards_) shard.rules().Declare(rules);
}

void ServerMetrics::Reloaded(ReloadResult result, absl::Duration time) {
  reloads_[static_cast<size_t>(result)].fetch_add(1, std::memory_order_relaxed);
  if (result == ReloadResult::kOk) reload_time_.Observe(time);
}

std::vector<prometheus::MetricFamily> ServerMetrics::Collect() const {
  RequestMetrics::Sum sum;
  for (const RequestMetrics& shard : shards_) shard.AddTo(sum);
  MetricFamilies families;
  CollectRpc(sum, families);
  CollectStages(sum, families);
  CollectAnswers(sum, families);
  CollectRules(sum, families);
  CollectState(families);
  CollectReloads(families);
  families.Gauge("marquee_build_info", "1, with the version of the program.")
      .Sample(1, {{"version", Version()}});
  return families.Take();
}

void ServerMetrics::CollectRpc(const RequestMetrics::Sum& sum,
                               MetricFamilies& families) const {
  uint64_t inflight = 0;
  families.Counter("grpc_server_started_total", "RPCs that arrived.");
  for (size_t m = 0; m < kMethods; ++m) {
    inflight += sum.counts.started[m];
    families.Sample(static_cast<double>(sum.counts.started[m]),
                    RpcLabels(static_cast<Method>(m)));
  }
  families.Counter("grpc_server_handled_total",
                   "RPCs that ended, by their status.");
  for (size_t m = 0; m < kMethods; ++m) {
    for (size_t code = 0; code < kGrpcCodes; ++code) {
      inflight -= sum.counts.handled[m][code];
      MetricLabels labels = RpcLabels(static_cast<Method>(m));
      labels.emplace_back("grpc_code", GrpcCodeName(code));
      families.Sample(static_cast<double>(sum.counts.handled[m][code]), labels);
    }
  }
  families.Histogram("grpc_server_handling_seconds",
                     "Time from the arrival of an RPC to its status.");
  for (size_t m = 0; m < kMethods; ++m) {
    families.Sample(sum.handling[m], RpcLabels(static_cast<Method>(m)));
  }
  families.Gauge("marquee_inflight_requests", "RPCs that wait or compute.");
  // Shards are read one after the other, so a scrape may see a request's end
  // without its start.
  families.Sample(
      static_cast<double>(static_cast<int64_t>(inflight) < 0 ? 0 : inflight));
}

void ServerMetrics::CollectStages(const RequestMetrics::Sum& sum,
                                  MetricFamilies& families) const {
  families.Histogram("marquee_queue_wait_seconds",
                     "Time that requests waited for a worker.");
  families.Sample(sum.queue_wait);
  families.Histogram("marquee_stage_duration_seconds",
                     "Time of each stage of an answer.");
  for (size_t s = 0; s < kStages; ++s) {
    families.Sample(sum.stages[s],
                    {{"stage", StageName(static_cast<Stage>(s))}});
  }
}

void ServerMetrics::CollectAnswers(const RequestMetrics::Sum& sum,
                                   MetricFamilies& families) const {
  families.Counter("marquee_shed_total",
                   "Requests that were not computed, by why.");
  AddByEnum(families, sum.counts.refused, "reason", [](size_t i) {
    return ShedReasonName(static_cast<ShedReason>(i));
  });
  families.Counter("marquee_served_total",
                   "Answers by the quality that was served.");
  AddByEnum(families, sum.counts.tiers, "tier",
            [](size_t i) { return TierName(static_cast<Tier>(i)); });
  families.Counter(
      "marquee_lists_total",
      "First pages of lists by how much of what was asked they hold.");
  AddByEnum(families, sum.counts.lists, "fill",
            [](size_t i) { return ListFillName(static_cast<ListFill>(i)); });
  families.Counter("marquee_degraded_total",
                   "Answers that were less than full or short, by why.");
  AddByEnum(families, sum.counts.degraded, "cause", [](size_t i) {
    return CauseName(static_cast<Degradation::Cause>(i));
  });
  families.Counter("marquee_request_warnings_total",
                   "Names in requests that nothing knows, by kind.");
  AddByEnum(families, sum.counts.warnings, "kind", [](size_t i) {
    return WarningName(static_cast<Warning::Kind>(i));
  });
  families.Counter("marquee_items_served_total",
                   "Items in answers, by where they came from.");
  AddByEnum(families, sum.counts.sources, "source",
            [](size_t i) { return SourceName(static_cast<Source>(i)); });
  families.Counter(
      "marquee_final_check_removals_total",
      "Items that the final check took out: more than 0 is a bug that was "
      "caught.");
  families.Sample(static_cast<double>(sum.counts.final_check_removals));
  families.Counter("marquee_score_outliers_total",
                   "Scores of candidates that were infinite or far from all "
                   "others of their request, and had no part in its scale.");
  families.Sample(static_cast<double>(sum.counts.score_outliers));
}

void ServerMetrics::CollectRules(const RequestMetrics::Sum& sum,
                                 MetricFamilies& families) const {
  if (sum.rules.empty()) return;
  families.Counter("marquee_rule_hits_total",
                   "Items in answers that a rule moved or placed.");
  for (const auto& [rule, count] : sum.rules) {
    families.Sample(static_cast<double>(count),
                    {{"rule", rule.first}, {"kind", ReasonName(rule.second)}});
  }
}

void ServerMetrics::CollectState(MetricFamilies& families) const {
  // Held while the sources are called, so that SetSources can not replace them
  // meanwhile.
  absl::MutexLock lock(&mu_);
  if (sources_.queue_depth) {
    families.Gauge("marquee_queue_depth", "Requests that wait for a worker.")
        .Sample(static_cast<double>(sources_.queue_depth()));
  }
  if (sources_.overloaded) {
    families.Gauge("marquee_overloaded", "1 while the queue is slow.")
        .Sample(sources_.overloaded() ? 1 : 0);
  }
  if (sources_.recall) CollectRecall(sources_.recall(), families);
  const std::optional<SnapshotFacts> facts =
      sources_.snapshot ? sources_.snapshot() : std::nullopt;
  families
      .Gauge("marquee_snapshot_loaded",
             "1 when a snapshot is served, 0 before there is one.")
      .Sample(facts ? 1 : 0);
  if (!facts) return;
  CollectSnapshot(*facts, families);
  CollectSections(*facts, families);
  CollectServed(*facts, families);
}

void ServerMetrics::CollectRecall(const RecallMonitor::Table& table,
                                  MetricFamilies& families) const {
  const auto add = [&](auto value, bool empty_too) {
    for (const RetrievalEngine engine : kRetrievalEngines) {
      for (size_t band = 0; band < RecallMonitor::kBands; ++band) {
        const RecallMonitor::Recall& recall =
            table[static_cast<size_t>(engine)][band];
        if (recall.of == 0 && !empty_too) continue;
        families.Sample(static_cast<double>(value(recall)),
                        {{"engine", RetrievalEngineName(engine)},
                         {"selectivity", RecallMonitor::kBandNames[band]}});
      }
    }
  };
  families.Counter("marquee_retrieval_recall_probes_total",
                   "Requests whose retrieval was repeated exactly.");
  add([](const auto& r) { return r.probes; }, true);
  // No recall before the first probe: 0 or 1 would be wrong.
  families.Gauge("marquee_retrieval_recall",
                 "Share of the exact answer that retrieval found, over about "
                 "the last 100 probes of the served snapshot, by the share of "
                 "eligible items (its upper end).");
  add([](const auto& r) { return r.recall; }, false);
}

void ServerMetrics::CollectSnapshot(const SnapshotFacts& facts,
                                    MetricFamilies& families) const {
  const std::string version = absl::StrCat(facts.version);
  families
      .Gauge("marquee_snapshot_info", "1, with the snapshot that is served.")
      .Sample(1, {{"version", version}, {"digest", facts.digest}});
  // As in the log event "snapshot published", which also says why.
  families
      .Gauge("marquee_ranker_info",
             "1, with the engine that scores the trees, and whether it reads "
             "ranks of items from the snapshot.")
      .Sample(1, {{"engine", facts.ranker},
                  {"ranks_of_items", facts.ranks_of_items ? "yes" : "no"}});
  families
      .Gauge("marquee_snapshot_created_timestamp_seconds",
             "When the served snapshot was built.")
      .Sample(static_cast<double>(absl::ToUnixSeconds(facts.created)));
  families
      .Gauge("marquee_snapshot_loaded_timestamp_seconds",
             "When the served snapshot was loaded.")
      .Sample(static_cast<double>(absl::ToUnixSeconds(facts.loaded)));
  families
      .Gauge("marquee_snapshot_age_seconds",
             "Time since the served snapshot was built.")
      .Sample(absl::ToDoubleSeconds(absl::Now() - facts.created));
  families.Gauge("marquee_snapshot_items", "Items of the served snapshot.")
      .Sample(static_cast<double>(facts.items));
  families.Gauge("marquee_snapshot_users", "Users of the served snapshot.")
      .Sample(static_cast<double>(facts.users));
}

void ServerMetrics::CollectSections(const SnapshotFacts& facts,
                                    MetricFamilies& families) const {
  const auto add = [&](std::string name, std::string help, auto bytes) {
    families.Gauge(std::move(name), std::move(help));
    for (const SectionMemory& section : facts.sections) {
      families.Sample(static_cast<double>(bytes(section)),
                      {{"section", section.name}});
    }
  };
  add("marquee_snapshot_section_bytes",
      "Size of each section of the served snapshot.",
      [](const SectionMemory& s) { return s.bytes; });
  add("marquee_snapshot_section_resident_bytes",
      "Of each section of the served snapshot, what is in memory, in whole "
      "pages; measured once a minute.",
      [](const SectionMemory& s) { return s.residency.resident_bytes; });
  add("marquee_snapshot_section_huge_page_bytes",
      "Of what is in memory of each section, what is on huge pages; measured "
      "once a minute.",
      [](const SectionMemory& s) { return s.residency.huge_page_bytes; });
}

void ServerMetrics::CollectServed(const SnapshotFacts& facts,
                                  MetricFamilies& families) const {
  families
      .Gauge("marquee_served_window_items",
             "Items in answers of the last 5 to 10 minutes.")
      .Sample(static_cast<double>(facts.served.impressions));
  families
      .Gauge("marquee_served_coverage_ratio",
             "Distinct items in answers of the last 5 to 10 minutes, of all.")
      .Sample(facts.served.coverage);
  families
      .Gauge("marquee_served_novelty",
             "Mean -log2 of the served items' share of all watches, over the "
             "last 5 to 10 minutes.")
      .Sample(facts.served.novelty_bits);
  families
      .Gauge("marquee_served_head_ratio",
             "Share of items in answers that are of the most watched 1 %, "
             "over the last 5 to 10 minutes.")
      .Sample(facts.served.head_share);
}

void ServerMetrics::CollectReloads(MetricFamilies& families) const {
  static constexpr std::array<absl::string_view, kReloadResults> kNames = {
      "ok", "failed", "rolled_back"};
  families.Counter("marquee_snapshot_reload_total",
                   "Attempts to load a snapshot, and rollbacks.");
  for (size_t i = 0; i < kReloadResults; ++i) {
    families.Sample(
        static_cast<double>(reloads_[i].load(std::memory_order_relaxed)),
        {{"result", kNames[i]}});
  }
  DurationCounts counts;
  reload_time_.AddTo(counts);
  families
      .Histogram("marquee_snapshot_reload_duration_seconds",
                 "Time to load, verify and warm a snapshot.")
      .Sample(counts);
}

}  // namespace marquee
