// A clock that moves when it is looked at, so that stages cost time without any
// passing.
#ifndef MARQUEE_TESTS_PIPELINE_SLOW_CLOCK_H_
#define MARQUEE_TESTS_PIPELINE_SLOW_CLOCK_H_

#include <functional>

#include "core/base/clock.h"
#include "tests/pipeline/small_world.h"

namespace marquee {

// Every look at it takes one step: a stage costs one, and one more where the
// pipeline asks in between how much is left.
class SlowClock final : public Clock {
 public:
  absl::Time Now() const override {
    return absl::FromUnixSeconds(kSmallNow) + wall_jump;
  }
  SteadyTime Steady() const override {
    if (--looks_until_stall == 0) {
      now_ += 100 * step;
      if (meanwhile) meanwhile();
    }
    return now_ += step;
  }
  SteadyTime Peek() const { return now_; }

  absl::Duration step = absl::Milliseconds(1);
  absl::Duration wall_jump = absl::ZeroDuration();
  mutable int looks_until_stall = 0;  // 0: none
  std::function<void()> meanwhile;    // what happens in the stall

 private:
  mutable SteadyTime now_;
};

}  // namespace marquee

#endif  // MARQUEE_TESTS_PIPELINE_SLOW_CLOCK_H_
