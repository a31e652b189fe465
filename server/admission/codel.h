// Tells a queue that is slow from one that is merely busy.
//
// A burst makes some requests wait; a queue that stands makes all of them wait.
// So what counts is the shortest wait of an interval: when even that is above
// the target, more comes in than goes out. (Nichols, Jacobson, "Controlling
// queue delay", ACM Queue 2012; for servers: Maurer, "Fail at scale", ACM Queue
// 2015.)
#ifndef MARQUEE_SERVER_ADMISSION_CODEL_H_
#define MARQUEE_SERVER_ADMISSION_CODEL_H_

#include <algorithm>

#include "absl/time/time.h"
#include "core/base/clock.h"

namespace marquee {

// Externally synchronised.
class Codel {
 public:
  struct Options {
    // Larger: longer waits before anything is shed.
    absl::Duration target = absl::Milliseconds(5);
    // Larger: longer bursts pass as bursts.
    absl::Duration interval = absl::Milliseconds(100);
  };

  explicit Codel(const Options& options) : options_(options) {}

  // Takes in how long the oldest request in the queue has waited, zero when
  // none waits. Returns whether the queue is slow: the shortest wait of the
  // last whole interval was above the target, or it was slow before and some
  // request had to go in that interval. (Shedding keeps the waits short: they
  // alone would end it, the queue would fill up, and waits would swing.)
  bool Observe(absl::Duration oldest_wait, SteadyTime now) {
    if (now >= interval_end_) {
      // Nothing was seen for a whole interval: nothing waited.
      const bool idle = now >= interval_end_ + options_.interval;
      const bool slow = shortest_ > options_.target;
      overloaded_ = !idle && (slow || (overloaded_ && dropped_));
      interval_end_ = now + options_.interval;
      shortest_ = oldest_wait;
      dropped_ = false;
    }
    shortest_ = std::min(shortest_, oldest_wait);
    return overloaded_;
  }

  // A request had to go because more came in than goes out.
  void RecordDrop() { dropped_ = true; }

  bool overloaded() const { return overloaded_; }
  absl::Duration target() const { return options_.target; }

 private:
  const Options options_;
  SteadyTime interval_end_ = SteadyTime::InfinitePast();
  absl::Duration shortest_ = absl::ZeroDuration();
  bool overloaded_ = false;
  bool dropped_ = false;  // in the running interval
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_ADMISSION_CODEL_H_
