#include "server/admission/refusal.h"

#include <array>

namespace marquee {

absl::string_view RefusalName(Refusal refusal) {
  static constexpr std::array<absl::string_view, kRefusals> kNames = {
      "queue_full", "slow_queue",  "batch",    "deadline",
      "expired",    "no_snapshot", "draining", "explanations"};
  return kNames[static_cast<size_t>(refusal)];
}

}  // namespace marquee
