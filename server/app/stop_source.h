// What the process is asked for from outside: to end, and by what; to look for
// a newer version.
#ifndef MARQUEE_SERVER_APP_STOP_SOURCE_H_
#define MARQUEE_SERVER_APP_STOP_SOURCE_H_

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace marquee {

// SIGTERM and SIGINT ask it to end, SIGHUP for the newest version. They are
// blocked in every thread and taken by one that waits for them: no handler,
// nothing to be careful about. Thread-safe. Waits are measured by the steady
// clock.
class StopSource {
 public:
  // From here on the signals wait for Create. To be called before anything
  // else: threads inherit the mask.
  static void HoldSignals();

  // Holds the signals and starts the thread that takes them. To be made before
  // any other thread. Errors: those of StartThread.
  static absl::StatusOr<std::unique_ptr<StopSource>> Create();
  StopSource(const StopSource&) = delete;
  StopSource& operator=(const StopSource&) = delete;
  ~StopSource();

  // As if a signal had come; `failed`: the process shall end with an error.
  void Request(absl::string_view reason, bool failed);

  // Waits until somebody asked it to end or for a newer version, or the time is
  // over; returns whether it shall end.
  bool WaitFor(absl::Duration time);
  // Waits for a second request, which means "now".
  bool WaitForAnother(absl::Duration time);
  // Whether a SIGHUP came since the last call.
  bool TakeHangUp();

  std::string reason() const;
  bool failed() const;

 private:
  StopSource() = default;
  void WaitForSignals();

  mutable std::mutex mu_;
  std::condition_variable changed_;
  // Guarded by mu_.
  int requests_ = 0;
  bool hung_up_ = false;
  std::string reason_;
  bool failed_ = false;
  bool done_ = false;

  std::thread thread_;
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_APP_STOP_SOURCE_H_
