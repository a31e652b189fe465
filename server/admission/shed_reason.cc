#include "server/admission/shed_reason.h"

#include <array>

namespace marquee {

absl::string_view ShedReasonName(ShedReason reason) {
  static constexpr std::array<absl::string_view, kShedReasons> kNames = {
      "queue_full", "slow_queue",  "batch",    "deadline",
      "expired",    "no_snapshot", "draining", "explanations"};
  return kNames[static_cast<size_t>(reason)];
}

absl::Status ToStatus(ShedReason reason) {
  switch (reason) {
    case ShedReason::kDeadline:
      return absl::DeadlineExceededError(
          "the deadline can not be met: nothing was computed");
    case ShedReason::kExpired:
      return absl::DeadlineExceededError(
          "the deadline passed while the request waited: nothing was computed");
    case ShedReason::kQueueFull:
      return absl::UnavailableError("overloaded: too many requests wait");
    case ShedReason::kSlowQueue:
      return absl::UnavailableError("overloaded: the request waited too long");
    case ShedReason::kBatch:
      return absl::UnavailableError(
          "overloaded: interactive requests come before batch ones");
    case ShedReason::kNoSnapshot:
      return absl::UnavailableError("no snapshot is loaded yet");
    case ShedReason::kExplanations:
      return absl::UnavailableError(
          "as many explanations are under way as may be at once");
    case ShedReason::kDraining:
      break;
  }
  return absl::UnavailableError("the server is shutting down");
}

}  // namespace marquee
