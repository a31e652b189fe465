#include "server/admission/service_time.h"

#include "gtest/gtest.h"

namespace marquee {
namespace {

constexpr absl::Duration kMillisecond = absl::Milliseconds(1);

TEST(ServiceTime, KnowsNothingAtFirst) {
  ServiceTime time;
  EXPECT_EQ(time.mean(), absl::ZeroDuration());
  EXPECT_EQ(time.shortest(), absl::ZeroDuration());
  time.Fade();
  EXPECT_EQ(time.WaitBehind(10, 1), absl::ZeroDuration());
}

TEST(ServiceTime, BelievesTheFirstOne) {
  ServiceTime time;
  time.Observe(64 * kMillisecond);
  EXPECT_EQ(time.mean(), 64 * kMillisecond);
  EXPECT_EQ(time.shortest(), 64 * kMillisecond);
}

TEST(ServiceTime, TheMeanMovesAThirtySecondOfTheWay) {
  ServiceTime time;
  time.Observe(64 * kMillisecond);
  time.Observe(128 * kMillisecond);
  EXPECT_EQ(time.mean(), 66 * kMillisecond);
  time.Observe(2 * kMillisecond);
  EXPECT_EQ(time.mean(), 64 * kMillisecond);
}

TEST(ServiceTime, AShorterOneIsTheShortestAtOnce) {
  ServiceTime time;
  time.Observe(64 * kMillisecond);
  time.Observe(kMillisecond);
  EXPECT_EQ(time.shortest(), kMillisecond);
}

TEST(ServiceTime, TheShortestMovesA256thOfTheWayToTheMean) {
  ServiceTime time;
  time.Observe(32 * kMillisecond);
  time.Observe(32 * kMillisecond + 32 * 256 * kMillisecond);
  ASSERT_EQ(time.mean(), 288 * kMillisecond);
  EXPECT_EQ(time.shortest(), 33 * kMillisecond);
}

TEST(ServiceTime, FollowsAChangeWithinSomeHundredRequests) {
  ServiceTime time;
  time.Observe(kMillisecond);
  for (int i = 0; i < 800; ++i) time.Observe(10 * kMillisecond);
  EXPECT_GT(time.mean(), 9.9 * kMillisecond);
  EXPECT_GT(time.shortest(), 9 * kMillisecond);
  EXPECT_LE(time.shortest(), time.mean());
}

TEST(ServiceTime, FadesByAThirtySecond) {
  ServiceTime time;
  time.Observe(64 * kMillisecond);
  time.Observe(32 * kMillisecond);
  ASSERT_EQ(time.mean(), 63 * kMillisecond);
  time.Fade();
  EXPECT_EQ(time.mean(), 63 * kMillisecond * 31 / 32);
  EXPECT_EQ(time.shortest(), 31 * kMillisecond);
}

TEST(ServiceTime, WorkersShareWhatWaits) {
  ServiceTime time;
  time.Observe(4 * kMillisecond);
  EXPECT_EQ(time.WaitBehind(0, 2), absl::ZeroDuration());
  EXPECT_EQ(time.WaitBehind(10, 1), 40 * kMillisecond);
  EXPECT_EQ(time.WaitBehind(10, 2), 20 * kMillisecond);
}

}  // namespace
}  // namespace marquee
