// Distinguishes a slow queue from one that is merely busy.
//
// A burst makes some requests wait; a standing queue makes all of them wait. So
// the shortest wait of an interval decides: if even that is above the target,
// more requests arrive than leave. (Nichols, Jacobson, "Controlling queue
// delay", ACM Queue 2012; for servers: Maurer, "Fail at scale", ACM Queue
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

  // Records how long the oldest request in the queue has waited; zero if none
  // waits. Returns whether the queue is slow. It is slow if the shortest wait
  // of the last whole interval was above the target, or if it was slow before
  // and a request was dropped in that interval. (Shedding keeps the waits
  // short. If short waits alone ended it, the queue would fill up again, and
  // waits would swing.)
  bool Observe(absl::Duration oldest_wait, SteadyTime now) {
    if (now >= interval_end_) {
      // Nothing was observed for a whole interval: no request waited.
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

  // Records that a request was dropped because more arrive than leave.
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
