#include "server/app/stop_source.h"

#include <signal.h>
#include <time.h>

#include <utility>

#include "core/base/status_macros.h"
#include "core/base/threads.h"

namespace marquee {
namespace {

sigset_t AwaitedSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  return signals;
}

}  // namespace

void StopSource::HoldSignals() {
  const sigset_t signals = AwaitedSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

absl::StatusOr<std::unique_ptr<StopSource>> StopSource::Create() {
  HoldSignals();
  // A client that hangs up causes an error of a write, not the end of the
  // process.
  signal(SIGPIPE, SIG_IGN);
  std::unique_ptr<StopSource> stop(new StopSource);
  MARQUEE_ASSIGN_OR_RETURN(
      stop->thread_,
      StartThread("signals", [raw = stop.get()] { raw->WaitForSignals(); }));
  return stop;
}

StopSource::~StopSource() {
  {
    const std::lock_guard lock(mu_);
    done_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void StopSource::WaitForSignals() {
  const sigset_t signals = AwaitedSignals();
  // Checks regularly whether the process ends for another reason.
  const timespec patience{.tv_sec = 0, .tv_nsec = 100'000'000};
  for (;;) {
    const int signal = sigtimedwait(&signals, nullptr, &patience);
    if (signal == SIGHUP) {
      const std::lock_guard lock(mu_);
      hung_up_ = true;
      changed_.notify_all();
    } else if (signal > 0) {
      Request(signal == SIGTERM ? "SIGTERM" : "SIGINT", false);
    }
    const std::lock_guard lock(mu_);
    if (done_) return;
  }
}

void StopSource::Request(absl::string_view reason, bool failed) {
  const std::lock_guard lock(mu_);
  changed_.notify_all();
  if (requests_++ > 0) return;
  reason_ = std::string(reason);
  failed_ = failed;
}

bool StopSource::WaitFor(absl::Duration time) {
  std::unique_lock lock(mu_);
  // Of the standard library: absl's waits with a limit follow the wall clock in
  // the version of Debian 12, and a step of the date would move the drain.
  changed_.wait_for(lock, absl::ToChronoNanoseconds(time),
                    [this] { return requests_ > 0 || hung_up_; });
  return requests_ > 0;
}

bool StopSource::WaitForAnother(absl::Duration time) {
  std::unique_lock lock(mu_);
  return changed_.wait_for(lock, absl::ToChronoNanoseconds(time),
                           [this] { return requests_ > 1; });
}

bool StopSource::TakeHangUp() {
  const std::lock_guard lock(mu_);
  return std::exchange(hung_up_, false);
}

std::string StopSource::reason() const {
  const std::lock_guard lock(mu_);
  return reason_;
}

bool StopSource::failed() const {
  const std::lock_guard lock(mu_);
  return failed_;
}

}  // namespace marquee
