// Measures how much of the exact answer retrieval finds for the served
// requests. Some of them are computed again, exactly, after their answers.
//
//   RecallMonitor recall(/*every=*/1000);
//   MARQUEE_RETURN_IF_ERROR(recall.Start());
//   // After each answer:
//   if (recall.Wants()) recall.Offer(std::move(probe));
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

// The query of one retrieval, and its result.
struct RecallProbe {
  // Keeps `vectors` alive.
  std::shared_ptr<const void> owner;
  uint64_t generation = 0;  // of the owner: differs for each snapshot
  const ItemVectors* vectors = nullptr;
  std::vector<float> query;
  std::vector<uint64_t> eligible;  // bitmap over the items with a vector
  size_t eligible_count = 0;
  size_t k = 0;  // the number of items that retrieval was asked for
  RetrievalEngine engine = RetrievalEngine::kExact;
  std::vector<Candidate> found;
};

// Thread-safe. One thread computes one probe at a time, below the requests'
// priority. It accepts no other probe while it is busy.
class RecallMonitor {
 public:
  // Bands of the share of items that are eligible, by their upper ends.
  static constexpr size_t kBands = 4;
  static constexpr absl::string_view kBandNames[kBands] = {"0.001", "0.01",
                                                           "0.1", "1"};

  struct Recall {
    uint64_t probes = 0;  // since the start
    // The mean share of the exact best items that were found with this
    // snapshot. A probe weighs less the older it is: each of the last hundred
    // weighs about a hundredth. Without meaning if `of` is 0.
    double recall = 1;
    uint64_t of = 0;  // probes of this snapshot
  };
  // [engine][band]
  using Table =
      std::array<std::array<Recall, kBands>, std::size(kRetrievalEngines)>;

  // Accepts one in `every` requests; 0: none.
  explicit RecallMonitor(uint64_t every) : every_(every) {}
  RecallMonitor(const RecallMonitor&) = delete;
  RecallMonitor& operator=(const RecallMonitor&) = delete;
  // Begins to accept probes. Must be called once. Errors: those of StartThread.
  absl::Status Start();
  // Drops a waiting probe, and finishes the one that is being computed.
  ~RecallMonitor();

  // Whether this request should be offered. Must be called once for each
  // request.
  bool Wants();
  // Drops the probe if another one waits, or if it would have to wait for a
  // lock.
  void Offer(RecallProbe probe);

  Table Read() const;
  // Waits until no probe waits or is being computed. For tests.
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
  // Signalled when one of the members below changes.
  absl::CondVar changed_;
  std::optional<RecallProbe> waiting_ ABSL_GUARDED_BY(mu_);
  bool computing_ ABSL_GUARDED_BY(mu_) = false;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  Table table_ ABSL_GUARDED_BY(mu_);
  uint64_t generation_ ABSL_GUARDED_BY(mu_) = 0;  // of the means

  std::thread thread_;
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_QUALITY_RECALL_MONITOR_H_
