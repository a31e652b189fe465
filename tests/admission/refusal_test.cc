#include "server/admission/refusal.h"

#include <set>
#include <string>

#include "gtest/gtest.h"

namespace marquee {
namespace {

// Dashboards and alerts read these names.
TEST(Refusal, HasANameOfItsOwn) {
  EXPECT_EQ(RefusalName(Refusal::kQueueFull), "queue_full");
  EXPECT_EQ(RefusalName(Refusal::kSlowQueue), "slow_queue");
  EXPECT_EQ(RefusalName(Refusal::kBatch), "batch");
  EXPECT_EQ(RefusalName(Refusal::kDeadline), "deadline");
  EXPECT_EQ(RefusalName(Refusal::kExpired), "expired");
  EXPECT_EQ(RefusalName(Refusal::kNoSnapshot), "no_snapshot");
  EXPECT_EQ(RefusalName(Refusal::kDraining), "draining");
  EXPECT_EQ(RefusalName(Refusal::kExplanations), "explanations");
  std::set<std::string> names;
  for (size_t i = 0; i < kRefusals; ++i) {
    names.emplace(RefusalName(static_cast<Refusal>(i)));
  }
  EXPECT_EQ(names.size(), kRefusals);
  EXPECT_FALSE(names.contains(""));
  EXPECT_EQ(kRefusals, static_cast<size_t>(Refusal::kExplanations) + 1);
}

}  // namespace
}  // namespace marquee
