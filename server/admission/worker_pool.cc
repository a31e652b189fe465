#include "server/admission/worker_pool.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/base/threads.h"

namespace marquee {

WorkerPool::WorkerPool(size_t workers, AdmissionQueue& queue,
                       const Clock& clock, Handler handler)
    : queue_(queue),
      handler_(std::move(handler)),
      clock_(clock),
      busy_since_(workers) {}

absl::StatusOr<std::unique_ptr<WorkerPool>> WorkerPool::Create(
    size_t workers, AdmissionQueue& queue, const Clock& clock,
    Handler handler) {
  std::unique_ptr<WorkerPool> pool(
      new WorkerPool(workers, queue, clock, std::move(handler)));
  for (size_t worker = 0; worker < workers; ++worker) {
    // An early return destroys the pool, which closes the queue and joins the
    // threads that have started.
    MARQUEE_ASSIGN_OR_RETURN(
        std::thread thread,
        StartThread(absl::StrCat("worker ", worker),
                    [raw = pool.get(), worker] { raw->Work(worker); }));
    pool->threads_.push_back(std::move(thread));
  }
  return pool;
}

WorkerPool::~WorkerPool() { Drain(); }

void WorkerPool::Drain() {
  queue_.Close();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void WorkerPool::Work(size_t worker) {
  std::atomic<int64_t>& busy_since = busy_since_[worker];
  while (const std::optional<AdmissionQueue::Dequeued> dequeued =
             queue_.Pop()) {
    busy_since.store(absl::ToInt64Nanoseconds(clock_.Steady().since_start()),
                     std::memory_order_relaxed);
    handler_(worker, *dequeued);
    busy_since.store(0, std::memory_order_relaxed);
  }
}

absl::Duration WorkerPool::LongestBusy() const {
  absl::Duration longest = absl::ZeroDuration();
  const absl::Duration now = clock_.Steady().since_start();
  for (const std::atomic<int64_t>& since : busy_since_) {
    const int64_t nanos = since.load(std::memory_order_relaxed);
    if (nanos != 0) {
      longest = std::max(longest, now - absl::Nanoseconds(nanos));
    }
  }
  return longest;
}

}  // namespace marquee
