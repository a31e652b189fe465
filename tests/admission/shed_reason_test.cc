#include "server/admission/shed_reason.h"

#include <iterator>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

// Dashboards and alerts read these names.
TEST(ShedReason, HasANameOfItsOwn) {
  EXPECT_EQ(ShedReasonName(ShedReason::kQueueFull), "queue_full");
  EXPECT_EQ(ShedReasonName(ShedReason::kSlowQueue), "slow_queue");
  EXPECT_EQ(ShedReasonName(ShedReason::kBatch), "batch");
  EXPECT_EQ(ShedReasonName(ShedReason::kDeadline), "deadline");
  EXPECT_EQ(ShedReasonName(ShedReason::kExpired), "expired");
  EXPECT_EQ(ShedReasonName(ShedReason::kNoSnapshot), "no_snapshot");
  EXPECT_EQ(ShedReasonName(ShedReason::kDraining), "draining");
  EXPECT_EQ(ShedReasonName(ShedReason::kExplanations), "explanations");
  std::set<std::string> names;
  for (size_t i = 0; i < kShedReasons; ++i) {
    names.emplace(ShedReasonName(static_cast<ShedReason>(i)));
  }
  EXPECT_EQ(names.size(), kShedReasons);
  EXPECT_FALSE(names.contains(""));
  EXPECT_EQ(kShedReasons, static_cast<size_t>(ShedReason::kExplanations) + 1);
}

TEST(ShedReason, SaysWhetherAnotherReplicaMayAnswer) {
  for (size_t i = 0; i < kShedReasons; ++i) {
    const ShedReason reason = static_cast<ShedReason>(i);
    const bool late =
        reason == ShedReason::kDeadline || reason == ShedReason::kExpired;
    EXPECT_EQ(ToStatus(reason).code(), late
                                           ? absl::StatusCode::kDeadlineExceeded
                                           : absl::StatusCode::kUnavailable)
        << ShedReasonName(reason);
  }
}

TEST(ShedReason, SaysWhy) {
  const std::pair<ShedReason, absl::string_view> expected[] = {
      {ShedReason::kDeadline, "the deadline can not be met"},
      {ShedReason::kExpired, "the deadline passed while the request waited"},
      {ShedReason::kQueueFull, "too many requests wait"},
      {ShedReason::kSlowQueue, "the request waited too long"},
      {ShedReason::kBatch, "interactive requests come before batch ones"},
      {ShedReason::kNoSnapshot, "no snapshot is loaded yet"},
      {ShedReason::kExplanations, "as many explanations are under way"},
      {ShedReason::kDraining, "the server is shutting down"}};
  static_assert(std::size(expected) == kShedReasons);
  for (const auto& [reason, why] : expected) {
    EXPECT_THAT(std::string(ToStatus(reason).message()),
                ::testing::HasSubstr(std::string(why)));
  }
}

}  // namespace
}  // namespace marquee
