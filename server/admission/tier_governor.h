// The best tier that an overloaded server gives. It goes down fast and up
// slowly, so that it does not swing.
#ifndef MARQUEE_SERVER_ADMISSION_TIER_GOVERNOR_H_
#define MARQUEE_SERVER_ADMISSION_TIER_GOVERNOR_H_

#include "absl/time/time.h"
#include "core/base/clock.h"
#include "core/pipeline/tier.h"

namespace marquee {

// Externally synchronised.
class TierGovernor {
 public:
  struct Options {
    // Overloaded for this long: one tier down. The first step is at once.
    absl::Duration down_after = absl::Milliseconds(300);
    // Not overloaded for this long: one tier up.
    absl::Duration up_after = absl::Milliseconds(500);
  };

  explicit TierGovernor(const Options& options) : options_(options) {}

  // Returns the best tier to serve now.
  Tier Observe(bool overloaded, SteadyTime now);
  Tier best_tier() const { return tier_; }

 private:
  const Options options_;
  Tier tier_ = Tier::kFull;
  bool was_overloaded_ = false;
  SteadyTime last_change_ = SteadyTime::InfinitePast();
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_ADMISSION_TIER_GOVERNOR_H_
