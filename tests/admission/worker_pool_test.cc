#include "server/admission/worker_pool.h"

#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "gmock/gmock.h"
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
  std::vector<QueuedRequest> requests(kRequests);
  std::vector<std::atomic<int>> handled(kRequests);
  const auto pool = *WorkerPool::Create(
      kWorkers, queue, Clock::Real(),
      [&](size_t worker, const AdmissionQueue::Dequeued& dequeued) {
        EXPECT_LT(worker, kWorkers);
        ++handled[dequeued.request - requests.data()];
      });
  for (QueuedRequest& request : requests) {
    request.arrived = Clock::Real().Steady();
    EXPECT_FALSE(queue.Push(&request));
  }
  pool->Drain();
  for (const std::atomic<int>& count : handled) EXPECT_EQ(count, 1);
  EXPECT_EQ(pool->LongestBusy(), absl::ZeroDuration());
}

// Holds every worker in its request until it is told to go on.
class WorkerPoolTest : public ::testing::Test {
 protected:
  void Start(size_t workers) {
    auto pool = WorkerPool::Create(
        workers, queue_, clock_,
        [this](size_t worker, const AdmissionQueue::Dequeued&) {
          absl::MutexLock lock(&mu_);
          working_.push_back(worker);
          mu_.Await(absl::Condition(&go_on_));
          ++done_;
        });
    ASSERT_TRUE(pool.ok()) << pool.status();
    pool_ = *std::move(pool);
  }
  ~WorkerPoolTest() override { GoOn(); }

  void Push() {
    requests_.push_back(
        std::make_unique<QueuedRequest>(QueuedRequest{clock_.Steady()}));
    EXPECT_FALSE(queue_.Push(requests_.back().get()));
  }
  void AwaitWorking(size_t count) {
    absl::MutexLock lock(&mu_);
    const auto reached = [&] { return working_.size() >= count; };
    mu_.Await(absl::Condition(&reached));
  }
  void GoOn() {
    absl::MutexLock lock(&mu_);
    go_on_ = true;
  }

  FakeClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  AdmissionQueue queue_{{}, clock_};
  std::vector<std::unique_ptr<QueuedRequest>> requests_;
  absl::Mutex mu_;
  std::vector<size_t> working_;
  bool go_on_ = false;
  int done_ = 0;
  std::unique_ptr<WorkerPool> pool_;
};

TEST_F(WorkerPoolTest, AsManyWorkAsWereAskedForEachWithItsOwnNumber) {
  Start(3);
  for (int i = 0; i < 4; ++i) Push();
  AwaitWorking(3);
  EXPECT_THAT(working_, ::testing::UnorderedElementsAre(0, 1, 2));
  EXPECT_EQ(queue_.depth(), 1);
}

TEST_F(WorkerPoolTest, ItsEndClosesTheQueueAndWaitsForWhatIsInIt) {
  Start(1);
  for (int i = 0; i < 3; ++i) Push();
  GoOn();
  pool_.reset();
  EXPECT_EQ(done_, 3);
  QueuedRequest late{clock_.Steady()};
  const auto refused = queue_.Push(&late);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->reason, ShedReason::kDraining);
}

TEST_F(WorkerPoolTest, TellsHowLongTheSlowestHasBeenBusy) {
  clock_.Advance(absl::Seconds(1));
  Start(3);
  EXPECT_EQ(pool_->LongestBusy(), absl::ZeroDuration());
  Push();
  AwaitWorking(1);
  clock_.Advance(absl::Seconds(3));
  Push();
  AwaitWorking(2);
  clock_.Advance(absl::Seconds(2));
  EXPECT_EQ(pool_->LongestBusy(), absl::Seconds(5));
  clock_.JumpWall(absl::Hours(1));
  EXPECT_EQ(pool_->LongestBusy(), absl::Seconds(5));
  GoOn();
  pool_->Drain();
  EXPECT_EQ(pool_->LongestBusy(), absl::ZeroDuration());
}

// For a process of its own, which has address space for this and that, and not
// for a stack of 8 MB. Returns its exit code: 0 when all is as it should be.
int StartWithoutMemory() {
  AdmissionQueue queue({}, Clock::Real());
  size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  const rlim_t limit = pages * ::getpagesize() + (4 << 20);
  const rlimit little{.rlim_cur = limit, .rlim_max = limit};
  if (pages == 0 || ::setrlimit(RLIMIT_AS, &little) != 0) return 1;
  const auto pool = WorkerPool::Create(
      2, queue, Clock::Real(), [](size_t, const AdmissionQueue::Dequeued&) {});
  if (pool.ok()) return 2;
  QueuedRequest waiting{Clock::Real().Steady()};
  const auto refused = queue.Push(&waiting);
  if (!refused || refused->reason != ShedReason::kDraining) return 3;
  const std::string message(pool.status().message());
  return ::write(STDERR_FILENO, message.data(), message.size()) > 0 ? 0 : 4;
}

TEST(WorkerPoolDeathTest, AWorkerThatCanNotBeStartedIsAnErrorAndEndsTheQueue) {
  EXPECT_EXIT(::_exit(StartWithoutMemory()), ::testing::ExitedWithCode(0),
              "the thread of worker 0 can not be started");
}

}  // namespace
}  // namespace marquee
