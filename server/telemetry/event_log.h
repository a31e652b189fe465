// The log of the server's events, for people and machines: one JSON object per
// line.
//
//   log.Info("serving", {{"recommend_port", 8080}, {"version", 3}});
//   {"time":"2026-01-01T00:00:00.000Z","level":"info","event":"serving",…}
//
// Not for requests: those are in the metrics. At most ten lines of one event
// are written in ten seconds. A line "lines left out" then names the event and
// the number of lines.
#ifndef MARQUEE_SERVER_TELEMETRY_EVENT_LOG_H_
#define MARQUEE_SERVER_TELEMETRY_EVENT_LOG_H_

#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <string>
#include <type_traits>
#include <variant>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "core/base/clock.h"
#include "server/telemetry/flood_gate.h"

namespace marquee {

enum class LogLevel : uint8_t { kInfo, kWarning, kError };

struct LogField {
  template <typename T>
  LogField(absl::string_view name, const T& v) : name(name) {
    if constexpr (std::is_same_v<T, bool>) {
      value = v;
    } else if constexpr (std::is_floating_point_v<T>) {
      value = static_cast<double>(v);
    } else if constexpr (std::is_integral_v<T>) {
      value = static_cast<int64_t>(v);
    } else {
      value = std::string(v);
    }
  }

  absl::string_view name;
  std::variant<bool, int64_t, double, std::string> value;
};

// Thread-safe.
class EventLog {
 public:
  using Fields = std::initializer_list<LogField>;

  // Writes to `out`. `out` and the clock must outlive the log. Drops events
  // below `level`.
  EventLog(LogLevel level, std::FILE* out, const Clock& clock = Clock::Real(),
           const FloodGate::Options& flood = {})
      : level_(level), clock_(clock), out_(out), gate_(flood) {}
  // Reports what was left out.
  ~EventLog();

  void Info(absl::string_view event, Fields fields) {
    Write(LogLevel::kInfo, event, fields);
  }
  void Warning(absl::string_view event, Fields fields) {
    Write(LogLevel::kWarning, event, fields);
  }
  void Error(absl::string_view event, Fields fields) {
    Write(LogLevel::kError, event, fields);
  }

  // Reports what was left out in windows that have ended; `all`: in all
  // windows. Must be called about once a second.
  void ReportLeftOut(bool all = false);

 private:
  void Write(LogLevel level, absl::string_view event, Fields fields);
  void WriteLeftOut(bool all) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void WriteLine(LogLevel level, absl::string_view event, Fields fields)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const LogLevel level_;
  const Clock& clock_;
  absl::Mutex mu_;
  std::FILE* const out_ ABSL_PT_GUARDED_BY(mu_);
  FloodGate gate_ ABSL_GUARDED_BY(mu_);
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_TELEMETRY_EVENT_LOG_H_
