#include "core/pipeline/tier.h"

#include <array>

namespace marquee {

absl::string_view TierName(Tier tier) {
  static constexpr std::array<absl::string_view, kTiers> kNames = {
      "full", "reduced", "retrieval_order", "popular"};
  return kNames[static_cast<size_t>(tier)];
}

}  // namespace marquee
