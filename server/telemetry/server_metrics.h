// All metrics of the server, collected at each scrape.
//
//   ServerMetrics metrics(workers + RecommendationRpc::kIoThreads);
//   metrics.shard(0).Started(Method::kRecommend);
//   metrics.SetSources(sources);
#ifndef MARQUEE_SERVER_TELEMETRY_SERVER_METRICS_H_
#define MARQUEE_SERVER_TELEMETRY_SERVER_METRICS_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/snapshot/section_memory.h"
#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"
#include "server/quality/recall_monitor.h"
#include "server/quality/served_items.h"
#include "server/telemetry/metric_families.h"
#include "server/telemetry/request_metrics.h"

namespace marquee {

// How a reload ended.
enum class ReloadResult : uint8_t { kOk, kFailed, kRolledBack };
inline constexpr size_t kReloadResults = 3;

// The served snapshot.
struct SnapshotFacts {
  uint64_t version = 0;
  std::string digest;
  absl::Time created;
  absl::Time loaded;
  uint64_t items = 0;
  uint64_t users = 0;
  std::string ranker = "none";  // its engine
  bool ranks_of_items = false;
  ServedShape served;
  std::vector<SectionMemory> sections;  // empty: could not be measured
};

// Thread-safe. Every label value exists from the start, at 0.
class ServerMetrics final : public prometheus::Collectable {
 public:
  struct Sources {
    std::function<size_t()> queue_depth;
    std::function<bool()> overloaded;
    // nullopt: no snapshot is served yet.
    std::function<std::optional<SnapshotFacts>()> snapshot;
    std::function<RecallMonitor::Table()> recall;
  };

  // `threads`: the number of threads that count requests. Each has its own
  // shard.
  explicit ServerMetrics(size_t threads);

  RequestMetrics& shard(size_t thread) { return shards_[thread]; }
  // Sets the functions that scrapes call. They must be callable until
  // SetSources is called with empty ones.
  void SetSources(Sources sources);
  void Declare(const Policy& policy);
  void Reloaded(ReloadResult result, absl::Duration time);

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  void CollectRpc(const RequestMetrics::Sum& sum,
                  MetricFamilies& families) const;
  void CollectStages(const RequestMetrics::Sum& sum,
                     MetricFamilies& families) const;
  void CollectAnswers(const RequestMetrics::Sum& sum,
                      MetricFamilies& families) const;
  void CollectRules(const RequestMetrics::Sum& sum,
                    MetricFamilies& families) const;
  void CollectRecall(const RecallMonitor::Table& table,
                     MetricFamilies& families) const;
  void CollectState(MetricFamilies& families) const;
  void CollectSnapshot(const SnapshotFacts& facts,
                       MetricFamilies& families) const;
  void CollectSections(const SnapshotFacts& facts,
                       MetricFamilies& families) const;
  void CollectServed(const SnapshotFacts& facts,
                     MetricFamilies& families) const;
  void CollectReloads(MetricFamilies& families) const;

  std::vector<RequestMetrics> shards_;
  DurationHistogram reload_time_;
  // Relaxed: the counters are independent.
  std::array<std::atomic<uint64_t>, kReloadResults> reloads_{};

  mutable absl::Mutex mu_;
  Sources sources_ ABSL_GUARDED_BY(mu_);
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_TELEMETRY_SERVER_METRICS_H_
