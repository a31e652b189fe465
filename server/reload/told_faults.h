// Logs a fault once, and once when it is over, because polling finds it again
// and again.
#ifndef MARQUEE_SERVER_RELOAD_TOLD_FAULTS_H_
#define MARQUEE_SERVER_RELOAD_TOLD_FAULTS_H_

#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/telemetry/event_log.h"

namespace marquee {

// Externally synchronised. The log must outlive it.
class ToldFaults {
 public:
  explicit ToldFaults(EventLog& log) : log_(log) {}

  // Reports the current status of `event`.
  void Tell(absl::string_view event, const absl::Status& status) {
    std::string& told = told_[std::string(event)];
    if (status.message() == told) return;
    if (status.ok()) {
      log_.Info("over", {{"what", event}, {"was", told}});
    } else {
      log_.Error(event, {{"reason", status.message()}});
    }
    told = std::string(status.message());
  }

 private:
  EventLog& log_;
  // By event, the last message that was logged; empty: the fault is over.
  std::map<std::string, std::string> told_;
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_RELOAD_TOLD_FAULTS_H_
