#include "server/telemetry/flood_gate.h"

namespace marquee {

bool FloodGate::Passes(absl::string_view kind, SteadyTime now) {
  const auto it = windows_.try_emplace(std::string(kind)).first;
  Window& window = it->second;
  // A window with something left out stays until TakeLeftOut reports it.
  if (now >= window.end && window.seen <= options_.most) {
    window = {.end = now + options_.window};
  }
  return ++window.seen <= options_.most;
}

std::vector<FloodGate::LeftOut> FloodGate::TakeLeftOut(SteadyTime now,
                                                       bool all) {
  std::vector<LeftOut> left_out;
  for (auto& [kind, window] : windows_) {
    if (window.seen <= options_.most || (now < window.end && !all)) continue;
    left_out.push_back({kind, window.seen - options_.most});
    window = {};
  }
  return left_out;
}

}  // namespace marquee
