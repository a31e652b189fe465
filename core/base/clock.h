// The sources of time. Code that depends on time takes a `const Clock&`, so
// that tests and time travel can set the time.
//
// There are two clocks, because the system's clock is sometimes set, forwards
// and backwards. The wall clock is for licences and the dates of log lines. The
// steady clock is for all durations, so that a step of the wall clock never
// makes a wait longer or a deadline pass.
#ifndef MARQUEE_CORE_BASE_CLOCK_H_
#define MARQUEE_CORE_BASE_CLOCK_H_

#include <atomic>
#include <compare>
#include <cstdint>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace marquee {

// A moment of a clock that never jumps. It is not a date; only differences have
// a meaning.
class SteadyTime {
 public:
  constexpr SteadyTime() = default;
  static constexpr SteadyTime FromStart(absl::Duration since_start) {
    return SteadyTime(since_start);
  }
  static constexpr SteadyTime InfiniteFuture() {
    return SteadyTime(absl::InfiniteDuration());
  }
  static constexpr SteadyTime InfinitePast() {
    return SteadyTime(-absl::InfiniteDuration());
  }

  // The time since an unspecified moment.
  constexpr absl::Duration since_start() const { return since_start_; }

  SteadyTime& operator+=(absl::Duration step) {
    since_start_ += step;
    return *this;
  }
  friend SteadyTime operator+(SteadyTime time, absl::Duration step) {
    return time += step;
  }
  friend SteadyTime operator-(SteadyTime time, absl::Duration step) {
    return time += -step;
  }
  friend absl::Duration operator-(SteadyTime later, SteadyTime earlier) {
    return later.since_start_ - earlier.since_start_;
  }
  friend bool operator==(SteadyTime a, SteadyTime b) {
    return a.since_start_ == b.since_start_;
  }
  friend std::strong_ordering operator<=>(SteadyTime a, SteadyTime b) {
    if (a.since_start_ == b.since_start_) return std::strong_ordering::equal;
    return a.since_start_ < b.since_start_ ? std::strong_ordering::less
                                           : std::strong_ordering::greater;
  }

 private:
  explicit constexpr SteadyTime(absl::Duration since_start)
      : since_start_(since_start) {}

  absl::Duration since_start_;
};

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  // The date, which may step in both directions.
  virtual absl::Time Now() const = 0;
  // Never goes back, never jumps.
  virtual SteadyTime Steady() const = 0;

  // The system's clocks. Never destroyed.
  static const Clock& Real();
};

// A clock that moves only by calls of its methods. Thread-safe.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(absl::Time now) : unix_nanos_(absl::ToUnixNanos(now)) {}

  absl::Time Now() const override {
    return absl::FromUnixNanos(unix_nanos_.load(std::memory_order_relaxed));
  }
  SteadyTime Steady() const override {
    return SteadyTime::FromStart(
        absl::Nanoseconds(steady_nanos_.load(std::memory_order_relaxed)));
  }
  // Lets time pass on both clocks.
  void Advance(absl::Duration step) {
    JumpWall(step);
    steady_nanos_.fetch_add(absl::ToInt64Nanoseconds(step),
                            std::memory_order_relaxed);
  }
  // Sets the date `step` forwards, or backwards if negative. The steady clock
  // does not move.
  void JumpWall(absl::Duration step) {
    unix_nanos_.fetch_add(absl::ToInt64Nanoseconds(step),
                          std::memory_order_relaxed);
  }

 private:
  // Relaxed: a reader needs a recent time, but not what else happened before
  // the step.
  std::atomic<int64_t> unix_nanos_;
  std::atomic<int64_t> steady_nanos_{0};
};

}  // namespace marquee

#endif  // MARQUEE_CORE_BASE_CLOCK_H_
