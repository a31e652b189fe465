// Lets through a few events of each kind per time window and counts the rest.
#ifndef MARQUEE_SERVER_TELEMETRY_FLOOD_GATE_H_
#define MARQUEE_SERVER_TELEMETRY_FLOOD_GATE_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "core/base/clock.h"

namespace marquee {

// Externally synchronised.
class FloodGate {
 public:
  struct Options {
    // The most events of one kind in one window.
    uint64_t most = 10;
    absl::Duration window = absl::Seconds(10);
  };
  struct LeftOut {
    std::string kind;
    uint64_t count;
  };

  explicit FloodGate(const Options& options) : options_(options) {}

  // Whether one more event of the kind may pass. Counts it if it may not.
  bool Passes(absl::string_view kind, SteadyTime now);

  // Returns and forgets what was left out in windows that have ended; `all`: in
  // all windows.
  std::vector<LeftOut> TakeLeftOut(SteadyTime now, bool all);

 private:
  struct Window {
    SteadyTime end;
    uint64_t seen = 0;
  };

  const Options options_;
  // Kinds are literals in the code: there are a few dozen.
  std::map<std::string, Window, std::less<>> windows_;
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_TELEMETRY_FLOOD_GATE_H_
