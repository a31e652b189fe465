// How much of the exact answer retrieval finds for the requests that are
// served: some of them are computed again, exactly, when nobody waits.
#ifndef MARQUEE_SERVER_QUALITY_RECALL_MONITOR_H_
#define MARQUEE_SERVER_QUALITY_RECALL_MONITOR_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "core/catalog/candidate.h"
#include "core/catalog/item_vectors.h"
#include "core/retrieval/retrieval_plan.h"

namespace marquee {

// What one request asked of retrieval, and what it got.
struct RecallProbe {
  // Keeps `vectors` alive.
  std::shared_ptr<const void> owner;
  uint64_t generation = 0;  // of the owner: another for each snapshot
  const ItemVectors* vectors = nullptr;
  std::vector<float> query;
  std::vector<uint64_t> eligible;  // bitmap over the titles with a vector
  size_t eligible_count = 0;
  RetrievalEngine engine = RetrievalEngine::kExact;
  std::vector<Candidate> found;
};

// Thread-safe. One thread of its own computes, below the requests' priority,
// one probe at a time; while it is busy no other is wanted.
class RecallMonitor {
 public:
  // Bands of the share of titles that are eligible, by their upper ends.
  static constexpr size_t kBands = 4;
  static constexpr absl::string_view kBandNames[kBands] = {"0.001", "0.01",
                                                           "0.1", "1"};

  struct Recall {
    uint64_t probes = 0;  // since the start
    // Mean share of the exact best titles that were found with this snapshot,
    // in which a probe weighs less the older it is: about a hundredth each of
    // the last hundred. Without meaning when `of` is 0.
    double recall = 1;
    uint64_t of = 0;  // probes of this snapshot
  };
  // [engine][band]
  using Table =
      std::array<std::array<Recall, kBands>, std::size(kRetrievalEngines)>;

  // Wants one of so many requests; 0: none.
  explicit RecallMonitor(uint64_t every) : every_(every) {}
  RecallMonitor(const RecallMonitor&) = delete;
  RecallMonitor& operator=(const RecallMonitor&) = delete;
  // Begins to take probes. Called once. Errors: those of StartThread.
  absl::Status Start();
  // Drops a probe that waits, finishes one that is computed.
  ~RecallMonitor();

  // Whether this request should be offered. Called once for each.
  bool Wants();
  // Drops the probe when another waits, and rather than wait for a lock.
  void Offer(RecallProbe probe);

  Table Read() const;
  // Until nothing is waiting or computed; for tests.
  void WaitUntilIdle();

 private:
  void Run();
  void Count(RetrievalEngine engine, size_t band, uint64_t generation,
             double recall) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const uint64_t every_;
  // Relaxed: it only spreads the probes.
  std::atomic<uint64_t> requests_{0};
  // Relaxed: a stale value drops a probe or offers one too many.
  std::atomic<bool> busy_{false};

  mutable absl::Mutex mu_;
  // Signalled when what is below changes.
  absl::CondVar changed_;
  std::optional<RecallProbe> waiting_ ABSL_GUARDED_BY(mu_);
  bool computing_ ABSL_GUARDED_BY(mu_) = false;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  Table table_ ABSL_GUARDED_BY(mu_);
  uint64_t generation_ ABSL_GUARDED_BY(mu_) = 0;  // that the means are of

  std::thread thread_;
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_QUALITY_RECALL_MONITOR_H_
