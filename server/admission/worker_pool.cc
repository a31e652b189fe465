#include "server/admission/worker_pool.h"

#include <optional>
#include <utility>

namespace marquee {

WorkerPool::WorkerPool(size_t workers, AdmissionQueue& queue, Handler handler)
    : queue_(queue), handler_(std::move(handler)) {
  for (size_t worker = 0; worker < workers; ++worker) {
    threads_.emplace_back([this, worker] { Work(worker); });
  }
}

WorkerPool::~WorkerPool() { Drain(); }

void WorkerPool::Drain() {
  queue_.Close();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void WorkerPool::Work(size_t worker) {
  while (const std::optional<AdmissionQueue::Popped> popped = queue_.Pop()) {
    handler_(worker, *popped);
  }
}

}  // namespace marquee
