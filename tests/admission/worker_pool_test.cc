#include "server/admission/worker_pool.h"

#include <array>
#include <atomic>
#include <vector>

#include "gtest/gtest.h"

namespace marquee {
namespace {

TEST(WorkerPool, HandlesEverythingOnceBeforeItIsDrained) {
  constexpr size_t kRequests = 2000;
  constexpr size_t kWorkers = 4;
  AdmissionQueue queue({.capacity = kRequests,
                        .workers = kWorkers,
                        // Nothing is shed, however slow this machine is.
                        .codel = {.target = absl::Hours(1)}},
                       Clock::Real());
  std::vector<Waiting> requests(kRequests);
  std::vector<std::atomic<int>> handled(kRequests);
  const auto pool = *WorkerPool::Create(
      kWorkers, queue, Clock::Real(),
      [&](size_t worker, const AdmissionQueue::Popped& popped) {
        EXPECT_LT(worker, kWorkers);
        ++handled[popped.waiting - requests.data()];
      });
  for (Waiting& request : requests) {
    request.arrived = Clock::Real().Steady();
    EXPECT_FALSE(queue.Push(&request));
  }
  pool->Drain();
  for (const std::atomic<int>& count : handled) EXPECT_EQ(count, 1);
  EXPECT_EQ(pool->LongestBusy(), absl::ZeroDuration());
}

}  // namespace
}  // namespace marquee
