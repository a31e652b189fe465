// Why a request was not computed. The reason is in metrics and decides the
// status that the caller gets.
#ifndef MARQUEE_SERVER_ADMISSION_SHED_REASON_H_
#define MARQUEE_SERVER_ADMISSION_SHED_REASON_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace marquee {

enum class ShedReason : uint8_t {
  kQueueFull,  // as many wait as may wait
  kSlowQueue,  // it waited too long while the queue was slow
  kBatch,      // nobody waits for it and somebody waits for another
  kDeadline,   // its deadline could not have been met
  kExpired,    // its deadline passed while it waited
  kNoSnapshot,
  kDraining,
  kExplanations,  // as many explanations are under way as may be
};
inline constexpr size_t kShedReasons = 8;
absl::string_view ShedReasonName(ShedReason reason);

// What a caller is told: DEADLINE_EXCEEDED where time ran out, UNAVAILABLE
// where another replica may answer.
absl::Status ToStatus(ShedReason reason);

}  // namespace marquee

#endif  // MARQUEE_SERVER_ADMISSION_SHED_REASON_H_
