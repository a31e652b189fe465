// The threads that compute: as many as CPUs, each with its own shard of the
// metrics and its own memory.
#ifndef MARQUEE_SERVER_ADMISSION_WORKER_POOL_H_
#define MARQUEE_SERVER_ADMISSION_WORKER_POOL_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "server/admission/admission_queue.h"

namespace marquee {

// Externally synchronised.
class WorkerPool {
 public:
  // Called on the thread of worker `worker` for everything that it pops.
  using Handler =
      std::function<void(size_t worker, const AdmissionQueue::Dequeued&)>;

  // Starts `workers` threads. The queue and the clock must outlive the pool.
  // Errors: those of StartThread; the queue is then closed.
  static absl::StatusOr<std::unique_ptr<WorkerPool>> Create(
      size_t workers, AdmissionQueue& queue, const Clock& clock,
      Handler handler);
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  // Closes the queue and joins.
  ~WorkerPool();

  // Closes the queue, lets the workers finish what waits, and joins them.
  void Drain();

  // Returns the longest time that a worker has spent on its current request;
  // zero if all wait. If it is much more than a deadline, that worker is stuck.
  absl::Duration LongestBusy() const;

 private:
  WorkerPool(size_t workers, AdmissionQueue& queue, const Clock& clock,
             Handler handler);
  void Work(size_t worker);

  AdmissionQueue& queue_;
  const Handler handler_;
  const Clock& clock_;
  // By worker: nanoseconds of the steady clock when it began its request, 0
  // while it waits. Relaxed: a watchdog reads it, about once a second.
  std::vector<std::atomic<int64_t>> busy_since_;
  std::vector<std::thread> threads_;
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_ADMISSION_WORKER_POOL_H_
