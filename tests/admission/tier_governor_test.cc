#include "server/admission/tier_governor.h"

#include "gtest/gtest.h"

namespace marquee {
namespace {

TEST(TierGovernor, StepsDownAtOnceAndThenSlowlyAndComesBack) {
  TierGovernor governor({.down_after = absl::Milliseconds(300),
                         .up_after = absl::Milliseconds(500)});
  SteadyTime now = SteadyTime::FromStart(absl::Seconds(1000));
  const auto after = [&](int milliseconds, bool overloaded) {
    now += absl::Milliseconds(milliseconds);
    return governor.Observe(overloaded, now);
  };
  EXPECT_EQ(after(0, false), Tier::kFull);
  EXPECT_EQ(after(1, true), Tier::kReduced);
  EXPECT_EQ(after(299, true), Tier::kReduced);
  EXPECT_EQ(after(1, true), Tier::kRetrievalOrder);
  EXPECT_EQ(after(300, true), Tier::kPopular);
  EXPECT_EQ(after(300, true), Tier::kPopular);
  EXPECT_EQ(after(1, false), Tier::kPopular);
  EXPECT_EQ(after(500, false), Tier::kRetrievalOrder);
  EXPECT_EQ(after(499, false), Tier::kRetrievalOrder);
  EXPECT_EQ(after(1, false), Tier::kReduced);
  EXPECT_EQ(after(500, false), Tier::kFull);
}

TEST(TierGovernor, AShortCalmDoesNotRaiseTheTier) {
  TierGovernor governor({});
  SteadyTime now = SteadyTime::FromStart(absl::Seconds(1000));
  governor.Observe(true, now);
  for (int i = 0; i < 20; ++i) {
    now += absl::Milliseconds(100);
    EXPECT_NE(governor.Observe(i % 2 == 0, now), Tier::kFull);
  }
}

}  // namespace
}  // namespace marquee
