// The source of "now". Code that depends on the time takes a `const Clock&`, so
// that tests and time travel decide what time it is.
#ifndef MARQUEE_CORE_BASE_CLOCK_H_
#define MARQUEE_CORE_BASE_CLOCK_H_

#include <atomic>
#include <cstdint>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace marquee {

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;

  // The system's clock; lives for ever.
  static const Clock& Real();
};

// A clock that stands still until it is told to move. Thread-safe.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(absl::Time now) : unix_nanos_(absl::ToUnixNanos(now)) {}

  absl::Time Now() const override {
    return absl::FromUnixNanos(unix_nanos_.load(std::memory_order_relaxed));
  }
  void Advance(absl::Duration step) {
    unix_nanos_.fetch_add(absl::ToInt64Nanoseconds(step),
                          std::memory_order_relaxed);
  }

 private:
  // Relaxed: a reader needs some recent time, not what else happened before the
  // step.
  std::atomic<int64_t> unix_nanos_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_BASE_CLOCK_H_
