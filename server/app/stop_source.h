// When the process is asked to end, and by what.
#ifndef MARQUEE_SERVER_APP_STOP_SOURCE_H_
#define MARQUEE_SERVER_APP_STOP_SOURCE_H_

#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace marquee {

// SIGTERM and SIGINT are blocked in every thread and taken by one that waits
// for them: no handler, nothing to be careful about. Thread-safe.
class StopSource {
 public:
  // Blocks the signals and starts the thread. To be made before any other
  // thread, which inherits the mask.
  StopSource();
  StopSource(const StopSource&) = delete;
  StopSource& operator=(const StopSource&) = delete;
  ~StopSource();

  // As if a signal had come; `failed`: the process shall end with an error.
  void Request(absl::string_view reason, bool failed);

  // Waits until somebody asked, or the time is over; returns whether somebody
  // did.
  bool WaitFor(absl::Duration time);
  // Waits for a second request, which means "now".
  bool WaitForAnother(absl::Duration time);

  std::string reason() const;
  bool failed() const;

 private:
  void WaitForSignals();

  mutable absl::Mutex mu_;
  int requests_ ABSL_GUARDED_BY(mu_) = 0;
  std::string reason_ ABSL_GUARDED_BY(mu_);
  bool failed_ ABSL_GUARDED_BY(mu_) = false;
  bool done_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_APP_STOP_SOURCE_H_
