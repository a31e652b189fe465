// The threads that compute: as many as CPUs, each with its own place in the
// metrics and its own memory.
#ifndef MARQUEE_SERVER_ADMISSION_WORKER_POOL_H_
#define MARQUEE_SERVER_ADMISSION_WORKER_POOL_H_

#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

#include "server/admission/admission_queue.h"

namespace marquee {

// Externally synchronised.
class WorkerPool {
 public:
  // Called on worker `worker`'s thread for everything that it pops.
  using Handler =
      std::function<void(size_t worker, const AdmissionQueue::Popped&)>;

  // Starts `workers` threads. The queue must outlive the pool.
  WorkerPool(size_t workers, AdmissionQueue& queue, Handler handler);
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  // Closes the queue and joins.
  ~WorkerPool();

  // Closes the queue, lets the workers finish what waits, and joins them.
  void Drain();

 private:
  void Work(size_t worker);

  AdmissionQueue& queue_;
  const Handler handler_;
  std::vector<std::thread> threads_;
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_ADMISSION_WORKER_POOL_H_
