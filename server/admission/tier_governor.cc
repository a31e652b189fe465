#include "server/admission/tier_governor.h"

namespace marquee {
namespace {

Tier Below(Tier tier) {
  return tier == Tier::kPopular ? tier
                                : static_cast<Tier>(static_cast<int>(tier) + 1);
}

Tier Above(Tier tier) {
  return tier == Tier::kFull ? tier
                             : static_cast<Tier>(static_cast<int>(tier) - 1);
}

}  // namespace

Tier TierGovernor::Observe(bool overloaded, SteadyTime now) {
  // A change of the load restarts the patience, so a tier is left only after a
  // time of unbroken load or of unbroken rest, but for kFull: it is left at
  // once.
  if (overloaded != was_overloaded_) {
    was_overloaded_ = overloaded;
    last_change_ = now;
    // No other tier is: a load that comes and goes would cost one each time it
    // comes.
    if (overloaded && tier_ == Tier::kFull) tier_ = Tier::kReduced;
    return tier_;
  }
  const absl::Duration patience =
      overloaded ? options_.down_after : options_.up_after;
  if (now - last_change_ >= patience) {
    tier_ = overloaded ? Below(tier_) : Above(tier_);
    last_change_ = now;
  }
  return tier_;
}

}  // namespace marquee
