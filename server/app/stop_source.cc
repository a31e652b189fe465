#include "server/app/stop_source.h"

#include <signal.h>
#include <time.h>

namespace marquee {
namespace {

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

}  // namespace

StopSource::StopSource() {
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  // A client that hangs up is an error of a write, not the end of the process.
  signal(SIGPIPE, SIG_IGN);
  thread_ = std::thread([this] { WaitForSignals(); });
}

StopSource::~StopSource() {
  {
    absl::MutexLock lock(&mu_);
    done_ = true;
  }
  thread_.join();
}

void StopSource::WaitForSignals() {
  const sigset_t signals = StopSignals();
  // Looks up now and then whether the process ends for another reason.
  const timespec patience{.tv_sec = 0, .tv_nsec = 100'000'000};
  for (;;) {
    const int signal = sigtimedwait(&signals, nullptr, &patience);
    if (signal > 0) Request(signal == SIGTERM ? "SIGTERM" : "SIGINT", false);
    absl::MutexLock lock(&mu_);
    if (done_) return;
  }
}

void StopSource::Request(absl::string_view reason, bool failed) {
  absl::MutexLock lock(&mu_);
  if (requests_++ > 0) return;
  reason_ = std::string(reason);
  failed_ = failed;
}

bool StopSource::WaitFor(absl::Duration time) {
  absl::MutexLock lock(&mu_);
  const auto asked = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    return requests_ > 0;
  };
  return mu_.AwaitWithTimeout(absl::Condition(&asked), time);
}

bool StopSource::WaitForAnother(absl::Duration time) {
  absl::MutexLock lock(&mu_);
  const auto asked = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    return requests_ > 1;
  };
  return mu_.AwaitWithTimeout(absl::Condition(&asked), time);
}

std::string StopSource::reason() const {
  absl::MutexLock lock(&mu_);
  return reason_;
}

bool StopSource::failed() const {
  absl::MutexLock lock(&mu_);
  return failed_;
}

}  // namespace marquee
