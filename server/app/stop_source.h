// Requests to the process from outside: to end, with the reason, or to load a
// newer version.
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

// SIGTERM and SIGINT request the end, SIGHUP the newest version. The signals
// are blocked in every thread, and one thread waits for them. So there is no
// handler with its restrictions. Thread-safe. Waits are measured by the steady
// clock.
class StopSource {
 public:
  // Makes the signals wait for Create. Must be called before anything else:
  // threads inherit the mask.
  static void HoldSignals();

  // Holds the signals and starts the thread that takes them. Must be called
  // before any other thread starts. Errors: those of StartThread.
  static absl::StatusOr<std::unique_ptr<StopSource>> Create();
  StopSource(const StopSource&) = delete;
  StopSource& operator=(const StopSource&) = delete;
  ~StopSource();

  // Acts like a signal. `failed`: the process must end with an error.
  void Request(absl::string_view reason, bool failed);

  // Waits until the end or a newer version is requested, or until `time` has
  // passed. Returns whether the process must end.
  bool WaitFor(absl::Duration time);
  // Waits for a second stop request, which means "now".
  bool WaitForAnother(absl::Duration time);
  // Whether a SIGHUP arrived since the last call.
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
