// Lets through a few of each kind in a while and counts the rest.
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
    // Of one kind in one window.
    uint64_t most = 10;
    absl::Duration window = absl::Seconds(10);
  };
  struct LeftOut {
    std::string kind;
    uint64_t count;
  };

  explicit FloodGate(const Options& options) : options_(options) {}

  // Whether one more of the kind may pass; counts it when it may not.
  bool Passes(absl::string_view kind, SteadyTime now);

  // What was left out in windows that have ended, and forgets it. `all`: in
  // those that have not, too.
  std::vector<LeftOut> TakeLeftOut(SteadyTime now, bool all);

 private:
  struct Window {
    SteadyTime end;
    uint64_t seen = 0;
  };

  const Options options_;
  // Kinds are written in the code: there are some dozens.
  std::map<std::string, Window, std::less<>> windows_;
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_TELEMETRY_FLOOD_GATE_H_
