#include "core/base/clock.h"

#include <chrono>

namespace marquee {
namespace {

class RealClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
  SteadyTime Steady() const override {
    return SteadyTime::FromStart(
        absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch()));
  }
};

}  // namespace

const Clock& Clock::Real() {
  static const RealClock* const clock = new RealClock;
  return *clock;
}

}  // namespace marquee
