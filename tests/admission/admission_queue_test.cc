#include "server/admission/admission_queue.h"

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "tests/admission/admission_fixture.h"

namespace marquee {
namespace {

using AdmissionQueueTest = AdmissionFixture;

// Tells when Pop has looked at the clock, which it does under the queue's lock
// before it waits: from then on it can only go on when it is woken.
class WatchedClock final : public Clock {
 public:
  absl::Time Now() const override { return fake.Now(); }
  SteadyTime Steady() const override {
    reads.fetch_add(1);
    return fake.Steady();
  }
  void AwaitReads(int count) const {
    while (reads.load() < count) std::this_thread::yield();
  }

  FakeClock fake{absl::FromUnixSeconds(1'700'000'000)};
  mutable std::atomic<int> reads{0};
};

TEST_F(AdmissionQueueTest, HandsOutTheOldestFirst) {
  Make({.capacity = 4});
  QueuedRequest* const first = PushOne();
  QueuedRequest* const second = PushOne();
  QueuedRequest* const third = PushOne();
  EXPECT_EQ(queue_->depth(), 3);
  clock_.Advance(3 * kMillisecond);
  const auto dequeued = queue_->TryPop();
  ASSERT_TRUE(dequeued);
  EXPECT_EQ(dequeued->request, first);
  EXPECT_EQ(dequeued->queue_wait, 3 * kMillisecond);
  EXPECT_FALSE(dequeued->shed);
  EXPECT_EQ(dequeued->best_tier, Tier::kFull);
  EXPECT_EQ(queue_->TryPop()->request, second);
  EXPECT_EQ(queue_->TryPop()->request, third);
  EXPECT_FALSE(queue_->TryPop());
  EXPECT_EQ(queue_->depth(), 0);
}

TEST_F(AdmissionQueueTest, HasTheDefaultsThatAreDocumented) {
  const Options options;
  EXPECT_EQ(options.capacity, 64);
  EXPECT_EQ(options.workers, 1);
  EXPECT_EQ(options.codel.target, kTarget);
  EXPECT_EQ(options.codel.interval, kInterval);
  EXPECT_EQ(options.governor.down_after, absl::Milliseconds(300));
  EXPECT_EQ(options.governor.up_after, absl::Milliseconds(500));
  const QueuedRequest waiting;
  EXPECT_EQ(waiting.deadline, SteadyTime::InfiniteFuture());
  EXPECT_FALSE(waiting.batch);
}

TEST_F(AdmissionQueueTest, IsNotSlowBeforeAnythingCame) {
  Make({});
  EXPECT_FALSE(queue_->overloaded());
}

TEST_F(AdmissionQueueTest, RefusesTheNewestWhenItIsFull) {
  Make({.capacity = 2});
  // However long requests take: without overload only the capacity counts.
  queue_->Finished(absl::Seconds(1));
  QueuedRequest* const first = PushOne();
  PushOne();
  EXPECT_EQ(WhyRefused(Arrive()), ShedReason::kQueueFull);
  EXPECT_EQ(queue_->depth(), 2);
  EXPECT_EQ(queue_->TryPop()->request, first);
  PushOne();
}

TEST_F(AdmissionQueueTest, ABatchRequestMakesRoomForAnInteractiveOne) {
  Make({.capacity = 3});
  QueuedRequest* const interactive = PushOne();
  QueuedRequest* const older =
      PushOne(absl::InfiniteDuration(), /*batch=*/true);
  QueuedRequest* const newer =
      PushOne(absl::InfiniteDuration(), /*batch=*/true);
  QueuedRequest* const newest = Arrive();
  const auto refused = queue_->Push(newest);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->request, older);
  EXPECT_EQ(refused->reason, ShedReason::kBatch);
  EXPECT_EQ(queue_->depth(), 3);
  EXPECT_EQ(queue_->TryPop()->request, interactive);
  EXPECT_EQ(queue_->TryPop()->request, newer);
  EXPECT_EQ(queue_->TryPop()->request, newest);
}

TEST_F(AdmissionQueueTest, ABatchRequestMakesNoRoomForItself) {
  Make({.capacity = 1});
  PushOne();
  EXPECT_EQ(WhyRefused(ArriveBatch()), ShedReason::kQueueFull);
  EXPECT_EQ(WhyRefused(Arrive()), ShedReason::kQueueFull);
  ASSERT_TRUE(queue_->TryPop());
  PushOne(absl::InfiniteDuration(), /*batch=*/true);
  EXPECT_EQ(WhyRefused(ArriveBatch()), ShedReason::kQueueFull);
}

TEST_F(AdmissionQueueTest, RefusesADeadlineThatCanNotBeMet) {
  Make({.capacity = 100, .workers = 2});
  queue_->Finished(4 * kMillisecond);
  for (int i = 0; i < 10; ++i) PushOne();
  // 20 ms until its turn, 4 ms to compute it.
  EXPECT_EQ(WhyRefused(Arrive(24 * kMillisecond - kNanosecond)),
            ShedReason::kDeadline);
  Make({.capacity = 100, .workers = 2});
  queue_->Finished(4 * kMillisecond);
  for (int i = 0; i < 10; ++i) PushOne();
  PushOne(24 * kMillisecond);
}

TEST_F(AdmissionQueueTest, OneSlowSpellDoesNotRefuseForEver) {
  Make({});
  queue_->Finished(absl::Seconds(1));
  int refusals = 0;
  while (WhyRefused(Arrive(absl::Milliseconds(100))) == ShedReason::kDeadline) {
    ASSERT_LT(++refusals, 100);
  }
  EXPECT_GT(refusals, 50);
}

TEST_F(AdmissionQueueTest, OtherRefusalsTellNothingOfTheTimeItTakes) {
  Make({.capacity = 1});
  queue_->Finished(320 * kMillisecond);
  PushOne();
  EXPECT_EQ(WhyRefused(Arrive()), ShedReason::kQueueFull);
  EXPECT_EQ(WhyRefused(Arrive(-kMillisecond)), ShedReason::kExpired);
  EXPECT_EQ(queue_->RetryAfter(), 640 * kMillisecond);
}

TEST_F(AdmissionQueueTest, RefusesADeadlineThatHasPassed) {
  Make({});
  EXPECT_EQ(WhyRefused(Arrive(-kMillisecond)), ShedReason::kExpired);
  EXPECT_EQ(WhyRefused(Arrive(absl::ZeroDuration())), ShedReason::kExpired);
  PushOne(kNanosecond);
}

TEST_F(AdmissionQueueTest, SaysWhatExpiredWhileItWaited) {
  Make({});
  PushOne(5 * kMillisecond);
  clock_.Advance(6 * kMillisecond);
  const auto dequeued = queue_->TryPop();
  ASSERT_TRUE(dequeued);
  EXPECT_EQ(dequeued->shed, ShedReason::kExpired);
}

// With less than half of the time that the cheapest ones need, nothing is
// computed.
TEST_F(AdmissionQueueTest, WhatCanNotBeDoneAnyMoreExpires) {
  Make({});
  queue_->Finished(4 * kMillisecond);
  PushOne(10 * kMillisecond);
  clock_.Advance(8 * kMillisecond - kNanosecond);
  EXPECT_FALSE(queue_->TryPop()->shed);
  PushOne(10 * kMillisecond);
  clock_.Advance(8 * kMillisecond);
  EXPECT_EQ(queue_->TryPop()->shed, ShedReason::kExpired);
}

TEST_F(AdmissionQueueTest, WhatExpiresMakesTheEstimatesFade) {
  Make({});
  queue_->Finished(320 * kMillisecond);
  PushOne(absl::Seconds(1));
  clock_.Advance(absl::Seconds(1));
  ASSERT_EQ(queue_->TryPop()->shed, ShedReason::kExpired);
  PushOne();
  EXPECT_EQ(queue_->RetryAfter(), 620 * kMillisecond);
}

TEST_F(AdmissionQueueTest, ARefusedCallerComesBackAfterTwiceTheWait) {
  Make({.capacity = 100, .workers = 2});
  EXPECT_EQ(queue_->RetryAfter(), 10 * kMillisecond);
  queue_->Finished(4 * kMillisecond);
  EXPECT_EQ(queue_->RetryAfter(), 10 * kMillisecond);
  for (int i = 0; i < 10; ++i) PushOne();
  EXPECT_EQ(queue_->RetryAfter(), 40 * kMillisecond);
}

// The date is set while requests wait: nothing expires, nothing is shed
// and nothing is kept by it.
TEST_F(AdmissionQueueTest, AStepOfTheWallClockChangesNothing) {
  for (const absl::Duration jump : {absl::Hours(24), -absl::Hours(24)}) {
    Make({.capacity = 64, .workers = 1});
    PushOne(5 * kMillisecond);
    clock_.JumpWall(jump);
    clock_.Advance(3 * kMillisecond);
    const auto dequeued = queue_->TryPop();
    ASSERT_TRUE(dequeued);
    EXPECT_FALSE(dequeued->shed);
    EXPECT_EQ(dequeued->queue_wait, 3 * kMillisecond);
    clock_.Advance(kInterval);
    // It is still found slow, and recovers.
    MakeSlow();
    clock_.JumpWall(jump);
    for (int step = 0; step < 3000; ++step) {
      while (queue_->TryPop()) {
      }
      clock_.Advance(kMillisecond);
    }
    EXPECT_FALSE(queue_->overloaded());
  }
}

TEST_F(AdmissionQueueTest, AfterCloseNothingComesInAndEverythingGoesOut) {
  Make({});
  QueuedRequest* const waiting = PushOne();
  queue_->Close();
  EXPECT_EQ(WhyRefused(Arrive()), ShedReason::kDraining);
  const auto dequeued = queue_->Pop();
  ASSERT_TRUE(dequeued);
  EXPECT_EQ(dequeued->request, waiting);
  EXPECT_FALSE(queue_->Pop());
}

TEST(AdmissionQueue, ARequestWakesAWorkerThatWaits) {
  WatchedClock clock;
  AdmissionQueue queue({}, clock);
  std::optional<AdmissionQueue::Dequeued> dequeued;
  std::thread worker([&] { dequeued = queue.Pop(); });
  clock.AwaitReads(1);
  QueuedRequest waiting{clock.fake.Steady()};
  EXPECT_FALSE(queue.Push(&waiting));
  worker.join();
  ASSERT_TRUE(dequeued);
  EXPECT_EQ(dequeued->request, &waiting);
}

TEST(AdmissionQueue, CloseWakesEveryWorkerThatWaits) {
  WatchedClock clock;
  AdmissionQueue queue({}, clock);
  std::vector<std::thread> workers;
  for (int i = 0; i < 3; ++i) {
    workers.emplace_back([&] { EXPECT_FALSE(queue.Pop()); });
  }
  clock.AwaitReads(3);
  queue.Close();
  for (std::thread& worker : workers) worker.join();
}

// A worker that finds nothing has seen that nothing waits: the queue is not
// slow although those before and after waited long.
TEST(AdmissionQueue, AnEmptyQueueIsNotSlowWhenAWorkerWaitsForIt) {
  WatchedClock clock;
  AdmissionQueue queue({}, clock);
  QueuedRequest first{clock.fake.Steady()};
  EXPECT_FALSE(queue.Push(&first));
  clock.fake.Advance(kTarget + kMillisecond);
  ASSERT_TRUE(queue.Pop());
  const int reads = clock.reads.load();
  std::thread worker([&] { EXPECT_FALSE(queue.Pop()->shed); });
  clock.AwaitReads(reads + 1);
  QueuedRequest second{clock.fake.Steady()};
  clock.fake.Advance(kInterval);
  EXPECT_FALSE(queue.Push(&second));
  worker.join();
  EXPECT_FALSE(queue.overloaded());
}

TEST_F(AdmissionQueueTest, AnEmptyQueueIsNotSlow) {
  Make({});
  PushOne();
  clock_.Advance(kTarget + kMillisecond);
  ASSERT_TRUE(queue_->TryPop());
  EXPECT_FALSE(queue_->TryPop());
  PushOne();
  clock_.Advance(kInterval);
  EXPECT_FALSE(queue_->TryPop()->shed);
  EXPECT_FALSE(queue_->overloaded());
}

}  // namespace
}  // namespace marquee
