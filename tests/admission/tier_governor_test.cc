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

TEST(TierGovernor, AShortCalmInAnOverloadDoesNotRaiseTheTier) {
  TierGovernor governor({});
  SteadyTime now = SteadyTime::FromStart(absl::Seconds(1000));
  governor.Observe(true, now);
  governor.Observe(true, now += absl::Seconds(1));
  EXPECT_EQ(governor.Observe(true, now += absl::Seconds(1)), Tier::kPopular);
  EXPECT_EQ(governor.Observe(false, now += absl::Milliseconds(1)),
            Tier::kPopular);
  EXPECT_EQ(governor.Observe(true, now += absl::Milliseconds(1)),
            Tier::kPopular);
  EXPECT_EQ(governor.best_tier(), Tier::kPopular);
}

TEST(TierGovernor, TheFirstStepIsAtOnceAndTheSecondIsNot) {
  TierGovernor governor({});
  const SteadyTime now = SteadyTime::FromStart(absl::Seconds(1000));
  EXPECT_EQ(governor.Observe(true, now), Tier::kReduced);
  EXPECT_EQ(governor.Observe(true, now), Tier::kReduced);
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
