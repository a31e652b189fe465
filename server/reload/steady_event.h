// Wakes one thread that sleeps for a while.
//
//   SteadyEvent work;
//   …                                       // another thread: work.Set();
//   work.WaitFor(absl::Milliseconds(500));  // returns at once, or after 500 ms
//
// Use absl::Mutex::Await for waits without a time limit. absl's limits are
// moments of the wall clock: if it is set back by an hour while a thread waits,
// the thread waits an hour more.
#ifndef MARQUEE_SERVER_RELOAD_STEADY_EVENT_H_
#define MARQUEE_SERVER_RELOAD_STEADY_EVENT_H_

#include <condition_variable>
#include <mutex>
#include <utility>

#include "absl/time/time.h"

namespace marquee {

// Thread-safe.
class SteadyEvent {
 public:
  // The event stays set until a wait returns for it.
  void Set() {
    {
      const std::lock_guard lock(mu_);
      set_ = true;
    }
    changed_.notify_all();
  }

  // Waits until it is set or `time` has passed on the steady clock. Returns
  // whether it was set, and clears it.
  bool WaitFor(absl::Duration time) {
    std::unique_lock lock(mu_);
    changed_.wait_for(lock, absl::ToChronoNanoseconds(time),
                      [this] { return set_; });
    return std::exchange(set_, false);
  }

 private:
  std::mutex mu_;
  std::condition_variable changed_;
  bool set_ = false;  // guarded by mu_
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_RELOAD_STEADY_EVENT_H_
