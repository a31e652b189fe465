#include "server/admission/admission_queue.h"

#include <memory>
#include <optional>
#include <vector>

#include "gtest/gtest.h"

namespace marquee {
namespace {

constexpr absl::Duration kMillisecond = absl::Milliseconds(1);

class AdmissionQueueTest : public ::testing::Test {
 protected:
  using Options = AdmissionQueue::Options;

  void Make(Options options) {
    queue_ = std::make_unique<AdmissionQueue>(options, clock_);
  }

  Waiting* Arrive(absl::Duration left = absl::InfiniteDuration(),
                  bool batch = false) {
    all_.push_back(std::make_unique<Waiting>(
        Waiting{clock_.Steady(), clock_.Steady() + left, batch}));
    return all_.back().get();
  }

  // Two arrive for one that is computed, one millisecond each, until the queue
  // is found slow.
  void Overload() {
    for (int i = 0; i < 1000 && !queue_->overloaded(); ++i) {
      queue_->Push(Arrive());
      queue_->Push(Arrive());
      queue_->TryPop();
      queue_->Finished(kMillisecond);
      clock_.Advance(kMillisecond);
    }
    ASSERT_TRUE(queue_->overloaded());
  }

  FakeClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  std::unique_ptr<AdmissionQueue> queue_;
  std::vector<std::unique_ptr<Waiting>> all_;
};

TEST_F(AdmissionQueueTest, HandsOutTheOldestFirst) {
  Make({.capacity = 4});
  Waiting* const first = Arrive();
  EXPECT_FALSE(queue_->Push(first));
  EXPECT_FALSE(queue_->Push(Arrive()));
  clock_.Advance(3 * kMillisecond);
  const auto popped = queue_->TryPop();
  ASSERT_TRUE(popped);
  EXPECT_EQ(popped->waiting, first);
  EXPECT_EQ(popped->wait, 3 * kMillisecond);
  EXPECT_FALSE(popped->refusal);
  EXPECT_EQ(popped->best_tier, Tier::kFull);
}

TEST_F(AdmissionQueueTest, RefusesTheNewestWhenItIsFull) {
  Make({.capacity = 2});
  EXPECT_FALSE(queue_->Push(Arrive()));
  EXPECT_FALSE(queue_->Push(Arrive()));
  Waiting* const third = Arrive();
  const auto refused = queue_->Push(third);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->waiting, third);
  EXPECT_EQ(refused->why, Refusal::kQueueFull);
  EXPECT_EQ(queue_->depth(), 2);
}

TEST_F(AdmissionQueueTest, ABatchRequestMakesRoomForAnInteractiveOne) {
  Make({.capacity = 2});
  Waiting* const batch = Arrive(absl::InfiniteDuration(), /*batch=*/true);
  EXPECT_FALSE(queue_->Push(Arrive()));
  EXPECT_FALSE(queue_->Push(batch));
  const auto refused = queue_->Push(Arrive());
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->waiting, batch);
  EXPECT_EQ(refused->why, Refusal::kBatch);
}

TEST_F(AdmissionQueueTest, RefusesADeadlineThatCanNotBeMet) {
  Make({.capacity = 100, .workers = 1});
  queue_->Finished(kMillisecond);
  for (int i = 0; i < 10; ++i) queue_->Push(Arrive());
  const auto refused = queue_->Push(Arrive(5 * kMillisecond));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->why, Refusal::kDeadline);
  EXPECT_FALSE(queue_->Push(Arrive(20 * kMillisecond)));
}

TEST_F(AdmissionQueueTest, RefusesADeadlineThatHasPassed) {
  Make({});
  const auto refused = queue_->Push(Arrive(-kMillisecond));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->why, Refusal::kExpired);
}

TEST_F(AdmissionQueueTest, SaysWhatExpiredWhileItWaited) {
  Make({});
  queue_->Push(Arrive(5 * kMillisecond));
  clock_.Advance(6 * kMillisecond);
  const auto popped = queue_->TryPop();
  ASSERT_TRUE(popped);
  EXPECT_EQ(popped->refusal, Refusal::kExpired);
}

TEST_F(AdmissionQueueTest, WhileSlowItShedsTheOldAndServesTheNewestCheaper) {
  Make({.capacity = 1000, .workers = 1});
  Overload();
  bool shed = false;
  for (;;) {
    Waiting* const newest = Arrive();
    const bool refused = queue_->Push(newest).has_value();
    const auto popped = queue_->TryPop();
    ASSERT_TRUE(popped);
    if (popped->refusal) {
      EXPECT_EQ(popped->refusal, Refusal::kSlowQueue);
      EXPECT_GT(popped->wait, absl::Milliseconds(5));
      shed = true;
      continue;
    }
    if (!refused && queue_->overloaded()) {
      EXPECT_EQ(popped->waiting, newest);
      EXPECT_GT(popped->best_tier, Tier::kFull);
    }
    break;
  }
  EXPECT_TRUE(shed);
}

TEST_F(AdmissionQueueTest, WhileSlowBatchRequestsAreRefusedAtTheDoor) {
  Make({.capacity = 1000, .workers = 1});
  Overload();
  const auto refused = queue_->Push(Arrive(absl::InfiniteDuration(), true));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->why, Refusal::kBatch);
}

// 5 arrive for each one that can be computed: those that are computed have not
// waited long, and as many are computed as can be.
TEST_F(AdmissionQueueTest,
       AtFiveTimesTheCapacityTheGoodputStaysAndWaitsAreShort) {
  Make({.capacity = 64, .workers = 2});
  int computed = 0;
  absl::Duration longest = absl::ZeroDuration();
  constexpr int kSteps = 3000;  // of 1 ms: two requests computed in each
  for (int step = 0; step < kSteps; ++step) {
    for (int i = 0; i < 10; ++i) queue_->Push(Arrive(absl::Milliseconds(100)));
    for (int worker = 0; worker < 2; ++worker) {
      std::optional<AdmissionQueue::Popped> popped;
      do {
        popped = queue_->TryPop();
      } while (popped && popped->refusal);
      if (!popped) continue;
      queue_->Finished(kMillisecond);
      ++computed;
      if (step > 500) longest = std::max(longest, popped->wait);
    }
    clock_.Advance(kMillisecond);
  }
  EXPECT_GE(computed, 2 * kSteps * 95 / 100);
  EXPECT_LE(longest, absl::Milliseconds(10));
}

TEST_F(AdmissionQueueTest, RecoversWhenTheLoadFalls) {
  Make({.capacity = 64, .workers = 1});
  Overload();
  Tier tier = Tier::kPopular;
  for (int step = 0; step < 3000; ++step) {
    queue_->Push(Arrive());
    while (const auto popped = queue_->TryPop()) tier = popped->best_tier;
    clock_.Advance(kMillisecond);
  }
  EXPECT_FALSE(queue_->overloaded());
  EXPECT_EQ(tier, Tier::kFull);
}

// Somebody sets the date while requests wait: nothing expires, nothing is shed
// and nothing is kept by it.
TEST_F(AdmissionQueueTest, AStepOfTheWallClockChangesNothing) {
  for (const absl::Duration jump : {absl::Hours(24), -absl::Hours(24)}) {
    Make({.capacity = 64, .workers = 1});
    queue_->Push(Arrive(5 * kMillisecond));
    clock_.JumpWall(jump);
    clock_.Advance(3 * kMillisecond);
    const auto popped = queue_->TryPop();
    ASSERT_TRUE(popped);
    EXPECT_FALSE(popped->refusal);
    EXPECT_EQ(popped->wait, 3 * kMillisecond);
    // It is still found slow, and recovers.
    Overload();
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
  queue_->Push(Arrive());
  queue_->Close();
  const auto refused = queue_->Push(Arrive());
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->why, Refusal::kDraining);
  EXPECT_TRUE(queue_->Pop());
  EXPECT_FALSE(queue_->Pop());
}

}  // namespace
}  // namespace marquee
