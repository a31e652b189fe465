// What the queue does while more comes in than goes out.
#include <algorithm>
#include <optional>

#include "gtest/gtest.h"
#include "tests/admission/admission_fixture.h"

namespace marquee {
namespace {

using OverloadTest = AdmissionFixture;

TEST_F(OverloadTest, TheNewestIsServedFirstAndCheaper) {
  Make({});
  MakeSlow();
  QueuedRequest* const older = PushOne();
  QueuedRequest* const newer = PushOne();
  auto dequeued = queue_->TryPop();
  ASSERT_TRUE(dequeued);
  EXPECT_EQ(dequeued->request, newer);
  EXPECT_FALSE(dequeued->shed);
  EXPECT_EQ(dequeued->best_tier, Tier::kReduced);
  dequeued = queue_->TryPop();
  ASSERT_TRUE(dequeued);
  EXPECT_EQ(dequeued->request, older);
  EXPECT_FALSE(dequeued->shed);
}

TEST_F(OverloadTest, WhatWaitedLongerThanTheTargetIsShed) {
  Make({});
  MakeSlow();
  QueuedRequest* const in_time = PushOne();
  clock_.Advance(kTarget);
  auto dequeued = queue_->TryPop();
  EXPECT_EQ(dequeued->request, in_time);
  EXPECT_FALSE(dequeued->shed) << "exactly the target is not too long";
  QueuedRequest* const late = PushOne();
  clock_.Advance(kTarget + kNanosecond);
  QueuedRequest* const fresh = PushOne();
  dequeued = queue_->TryPop();
  EXPECT_EQ(dequeued->request, late);
  EXPECT_EQ(dequeued->shed, ShedReason::kSlowQueue);
  EXPECT_EQ(dequeued->queue_wait, kTarget + kNanosecond);
  dequeued = queue_->TryPop();
  EXPECT_EQ(dequeued->request, fresh);
  EXPECT_FALSE(dequeued->shed);
}

TEST_F(OverloadTest, ShedBatchRequestsAreToldSo) {
  Make({});
  PushOne();
  clock_.Advance(kTarget + kMillisecond);
  ASSERT_TRUE(queue_->TryPop());
  PushOne(absl::InfiniteDuration(), /*batch=*/true);
  clock_.Advance(kInterval);
  EXPECT_EQ(queue_->TryPop()->shed, ShedReason::kBatch);
}

TEST_F(OverloadTest, AnExpiredRequestIsNotCalledShed) {
  Make({});
  MakeSlow();
  PushOne(kTarget);
  clock_.Advance(2 * kTarget);
  EXPECT_EQ(queue_->TryPop()->shed, ShedReason::kExpired);
}

TEST_F(OverloadTest, BatchRequestsAreRefusedAtTheDoor) {
  Make({});
  MakeSlow();
  EXPECT_EQ(WhyRefused(ArriveBatch()), ShedReason::kBatch);
  EXPECT_EQ(queue_->depth(), 0);
  PushOne();
}

// The newest is served first, so that those who wait before it do not count.
TEST_F(OverloadTest, ANewRequestNeedsOnlyTheTimeToComputeIt) {
  Make({.capacity = 100});
  queue_->Finished(kMillisecond);
  MakeSlow();
  for (int i = 0; i < 4; ++i) PushOne();
  EXPECT_EQ(WhyRefused(Arrive(kMillisecond - kNanosecond)),
            ShedReason::kDeadline);
  PushOne(kMillisecond);
}

// How many get in while the queue is slow, when each takes `mean`.
class BoundTest : public OverloadTest {
 protected:
  int Fit(Options options, absl::Duration mean) {
    Make(options);
    if (mean > absl::ZeroDuration()) queue_->Finished(mean);
    MakeSlow();
    int fit = 0;
    while (!queue_->Push(Arrive())) ++fit;
    EXPECT_EQ(WhyRefused(Arrive()), ShedReason::kQueueFull);
    return fit;
  }
};

TEST_F(BoundTest, NoMoreWaitThanCanBeAnsweredWithinTheTarget) {
  EXPECT_EQ(Fit({.capacity = 100, .workers = 1}, kMillisecond), 5);
  EXPECT_EQ(Fit({.capacity = 100, .workers = 2}, kMillisecond), 10);
  EXPECT_EQ(Fit({.capacity = 100, .workers = 3}, 2 * kMillisecond), 7);
}

TEST_F(BoundTest, EveryWorkerHasOneToComputeNext) {
  EXPECT_EQ(Fit({.capacity = 100, .workers = 3}, absl::Seconds(1)), 3);
}

TEST_F(BoundTest, TheCapacityHoldsInAnyCase) {
  EXPECT_EQ(Fit({.capacity = 4, .workers = 2}, kMillisecond), 4);
  EXPECT_EQ(Fit({.capacity = 4, .workers = 2}, absl::ZeroDuration()), 4);
}

// The waits are short because requests are turned away: as long as that has to
// happen, the queue is slow.
TEST_F(OverloadTest, ItLastsWhileRequestsAreTurnedAwayAtTheDoor) {
  Make({.capacity = 1});
  MakeSlow();
  for (int i = 0; i < 5; ++i) {
    clock_.Advance(kInterval);
    PushOne();
    EXPECT_EQ(WhyRefused(Arrive()), ShedReason::kQueueFull);
    ASSERT_TRUE(queue_->TryPop());
    EXPECT_TRUE(queue_->overloaded());
    PushOne();
    EXPECT_EQ(WhyRefused(Arrive()), ShedReason::kQueueFull);
    ASSERT_TRUE(queue_->TryPop());
  }
}

TEST_F(OverloadTest, ItLastsWhileRequestsAreShed) {
  Make({});
  MakeSlow();
  for (int i = 0; i < 5; ++i) {
    clock_.Advance(kInterval - 3 * kTarget);
    PushOne();
    clock_.Advance(2 * kTarget);
    ASSERT_EQ(queue_->TryPop()->shed, ShedReason::kSlowQueue);
    EXPECT_FALSE(queue_->TryPop());
    clock_.Advance(kTarget);
    PushOne();
    EXPECT_FALSE(queue_->TryPop()->shed);
    EXPECT_TRUE(queue_->overloaded());
  }
}

TEST_F(OverloadTest, ItEndsAfterAnIntervalWithoutShedding) {
  Make({});
  MakeSlow();
  clock_.Advance(kInterval);
  PushOne();
  EXPECT_FALSE(queue_->TryPop()->shed);
  EXPECT_TRUE(queue_->overloaded()) << "one had to go in the last interval";
  clock_.Advance(kInterval);
  PushOne();
  EXPECT_FALSE(queue_->TryPop()->shed);
  EXPECT_FALSE(queue_->overloaded());
}

// The oldest tells how slow the queue is, whatever came after it.
TEST_F(OverloadTest, AFreshRequestDoesNotHideThatOthersWait) {
  Make({});
  PushOne();
  clock_.Advance(kTarget + kMillisecond);
  PushOne();
  ASSERT_TRUE(queue_->TryPop());
  clock_.Advance(kInterval);
  PushOne();
  EXPECT_EQ(queue_->TryPop()->shed, ShedReason::kSlowQueue);
  EXPECT_TRUE(queue_->overloaded());
}

// 5 arrive for each one that can be computed: those that are computed have not
// waited long, and as many are computed as can be.
TEST_F(OverloadTest, AtFiveTimesTheCapacityTheGoodputStaysAndWaitsAreShort) {
  Make({.capacity = 64, .workers = 2});
  int computed = 0;
  absl::Duration longest = absl::ZeroDuration();
  constexpr int kSteps = 3000;  // of 1 ms: two requests computed in each
  for (int step = 0; step < kSteps; ++step) {
    for (int i = 0; i < 10; ++i) queue_->Push(Arrive(absl::Milliseconds(100)));
    for (int worker = 0; worker < 2; ++worker) {
      std::optional<AdmissionQueue::Dequeued> dequeued;
      do {
        dequeued = queue_->TryPop();
      } while (dequeued && dequeued->shed);
      if (!dequeued) continue;
      queue_->Finished(kMillisecond);
      ++computed;
      if (step > 500) longest = std::max(longest, dequeued->queue_wait);
    }
    clock_.Advance(kMillisecond);
  }
  EXPECT_GE(computed, 2 * kSteps * 95 / 100);
  EXPECT_LE(longest, absl::Milliseconds(10));
}

TEST_F(OverloadTest, RecoversWhenTheLoadFalls) {
  Make({});
  MakeSlow();
  Tier worst = Tier::kFull;
  Tier tier = Tier::kFull;
  for (int step = 0; step < 3000; ++step) {
    PushOne();
    while (const auto dequeued = queue_->TryPop()) tier = dequeued->best_tier;
    worst = std::max(worst, tier);
    clock_.Advance(kMillisecond);
  }
  EXPECT_FALSE(queue_->overloaded());
  EXPECT_EQ(worst, Tier::kReduced);
  EXPECT_EQ(tier, Tier::kFull);
}

}  // namespace
}  // namespace marquee
