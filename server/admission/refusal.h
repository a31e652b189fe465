// Why a request was not computed. The reason is in metrics and decides the
// status that the caller gets.
#ifndef MARQUEE_SERVER_ADMISSION_REFUSAL_H_
#define MARQUEE_SERVER_ADMISSION_REFUSAL_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace marquee {

enum class Refusal : uint8_t {
  kQueueFull,  // as many wait as may wait
  kSlowQueue,  // it waited too long while the queue was slow
  kBatch,      // nobody waits for it and somebody waits for another
  kDeadline,   // its deadline could not have been met
  kExpired,    // its deadline passed while it waited
  kNoSnapshot,
  kDraining,
  kExplanations,  // as many explanations are under way as may be
};
inline constexpr size_t kRefusals = 8;
absl::string_view RefusalName(Refusal refusal);

}  // namespace marquee

#endif  // MARQUEE_SERVER_ADMISSION_REFUSAL_H_
