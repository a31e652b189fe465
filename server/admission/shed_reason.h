// Why a request was not computed. The reason is in metrics and decides the
// caller's status.
#ifndef MARQUEE_SERVER_ADMISSION_SHED_REASON_H_
#define MARQUEE_SERVER_ADMISSION_SHED_REASON_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace marquee {

enum class ShedReason : uint8_t {
  kQueueFull,  // the queue is full
  kSlowQueue,  // it waited too long while the queue was slow
  kBatch,      // no user waits for it, and a user waits for another
  kDeadline,   // its deadline could not have been met
  kExpired,    // its deadline passed while it waited
  kNoSnapshot,
  kDraining,
  kExplanations,  // too many explanations are under way
};
inline constexpr size_t kShedReasons = 8;
absl::string_view ShedReasonName(ShedReason reason);

// Returns the caller's status: DEADLINE_EXCEEDED if time ran out, UNAVAILABLE
// if another replica may answer.
absl::Status ToStatus(ShedReason reason);

}  // namespace marquee

#endif  // MARQUEE_SERVER_ADMISSION_SHED_REASON_H_
