// Logs a fault once, and once more when it is over, though polling finds it
// again and again.
#ifndef MARQUEE_SERVER_RELOAD_REPORTED_FAULTS_H_
#define MARQUEE_SERVER_RELOAD_REPORTED_FAULTS_H_

#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/telemetry/event_log.h"

namespace marquee {

// Externally synchronised. The log must outlive it.
class ReportedFaults {
 public:
  explicit ReportedFaults(EventLog& log) : log_(log) {}

  // `status`: of `event` now.
  void Report(absl::string_view event, const absl::Status& status) {
    std::string& last = last_[std::string(event)];
    if (status.message() == last) return;
    if (status.ok()) {
      log_.Info("over", {{"what", event}, {"was", last}});
    } else {
      log_.Error(event, {{"reason", status.message()}});
    }
    last = std::string(status.message());
  }

 private:
  EventLog& log_;
  // By event, the message that was logged last; empty: it is over.
  std::map<std::string, std::string> last_;
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_RELOAD_REPORTED_FAULTS_H_
