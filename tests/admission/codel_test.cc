#include "server/admission/codel.h"

#include "gtest/gtest.h"

namespace marquee {
namespace {

constexpr absl::Duration kTarget = absl::Milliseconds(5);
constexpr absl::Duration kInterval = absl::Milliseconds(100);

class CodelTest : public ::testing::Test {
 protected:
  // Observes `wait` every millisecond for `time`.
  bool ObserveFor(absl::Duration time, absl::Duration wait) {
    const SteadyTime end = now_ + time;
    bool overloaded = false;
    for (; now_ < end; now_ += absl::Milliseconds(1)) {
      overloaded = codel_.Observe(wait, now_);
    }
    return overloaded;
  }

  SteadyTime now_ = SteadyTime::FromStart(absl::Seconds(1000));
  Codel codel_{{.target = kTarget, .interval = kInterval}};
};

TEST_F(CodelTest, ABurstIsNoOverload) {
  EXPECT_FALSE(ObserveFor(kInterval / 2, 4 * kTarget));
  EXPECT_FALSE(ObserveFor(kInterval, absl::ZeroDuration()));
}

TEST_F(CodelTest, AQueueThatStandsForAnIntervalIsOverload) {
  EXPECT_TRUE(ObserveFor(2 * kInterval + absl::Milliseconds(5), 2 * kTarget));
}

TEST_F(CodelTest, AnIntervalWithoutPressureAndWaitsEndsTheOverload) {
  ASSERT_TRUE(ObserveFor(3 * kInterval, 2 * kTarget));
  EXPECT_FALSE(ObserveFor(2 * kInterval, absl::Milliseconds(1)));
}

TEST_F(CodelTest, ItLastsWhileRequestsHaveToGo) {
  ASSERT_TRUE(ObserveFor(3 * kInterval, 2 * kTarget));
  for (int i = 0; i < 10; ++i) {
    codel_.RecordDrop();
    EXPECT_TRUE(ObserveFor(kInterval / 2, absl::Milliseconds(1)));
  }
}

TEST_F(CodelTest, OneShortWaitInAnIntervalPreventsIt) {
  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(ObserveFor(kInterval / 2, 2 * kTarget));
    codel_.Observe(absl::ZeroDuration(), now_);
  }
}

TEST_F(CodelTest, AWaitOfExactlyTheTargetIsNoOverload) {
  EXPECT_FALSE(ObserveFor(3 * kInterval, kTarget));
  EXPECT_TRUE(ObserveFor(3 * kInterval, kTarget + absl::Nanoseconds(1)));
}

TEST_F(CodelTest, TheVerdictComesWhenTheIntervalIsOver) {
  EXPECT_FALSE(codel_.Observe(2 * kTarget, now_));
  now_ += kInterval - absl::Nanoseconds(1);
  EXPECT_FALSE(codel_.Observe(2 * kTarget, now_));
  now_ += absl::Nanoseconds(1);
  EXPECT_TRUE(codel_.Observe(2 * kTarget, now_));
  EXPECT_TRUE(codel_.overloaded());
}

// The last wait of an interval and the first of the next one count as well.
TEST_F(CodelTest, EveryWaitOfTheIntervalCounts) {
  codel_.Observe(absl::ZeroDuration(), now_);
  codel_.Observe(2 * kTarget, now_ + kInterval / 2);
  EXPECT_FALSE(codel_.Observe(2 * kTarget, now_ + kInterval));
  codel_.Observe(absl::ZeroDuration(), now_ + 2 * kInterval - kInterval / 10);
  EXPECT_FALSE(codel_.Observe(2 * kTarget, now_ + 2 * kInterval));
  EXPECT_TRUE(codel_.Observe(2 * kTarget, now_ + 3 * kInterval));
}

TEST_F(CodelTest, PressureWithoutAnOverloadIsNone) {
  for (int i = 0; i < 10; ++i) {
    codel_.RecordDrop();
    EXPECT_FALSE(ObserveFor(kInterval / 2, absl::Milliseconds(1)));
  }
}

TEST_F(CodelTest, OneIntervalWithoutAnybodyEndsIt) {
  codel_.Observe(2 * kTarget, now_);
  EXPECT_TRUE(
      codel_.Observe(2 * kTarget, now_ + 2 * kInterval - absl::Nanoseconds(1)));
  Codel other({.target = kTarget, .interval = kInterval});
  other.Observe(2 * kTarget, now_);
  EXPECT_FALSE(other.Observe(2 * kTarget, now_ + 2 * kInterval));
}

TEST_F(CodelTest, IsNotSlowBeforeAnythingWasSeen) {
  EXPECT_FALSE(codel_.overloaded());
  EXPECT_FALSE(codel_.Observe(10 * kTarget, now_));
  EXPECT_EQ(codel_.target(), kTarget);
}

TEST_F(CodelTest, AnIdleTimeIsNotAnOverload) {
  ASSERT_TRUE(ObserveFor(3 * kInterval, 2 * kTarget));
  now_ += 10 * kInterval;
  EXPECT_FALSE(codel_.Observe(2 * kTarget, now_));
}

}  // namespace
}  // namespace marquee
