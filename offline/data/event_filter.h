// Which rows of interactions are signs of liking, by what happened.
#ifndef MARQUEE_OFFLINE_DATA_EVENT_FILTER_H_
#define MARQUEE_OFFLINE_DATA_EVENT_FILTER_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace marquee {

struct WantedEvents {
  // Empty: every event.
  std::vector<std::string> names;
  // They are those that vectors learnt from, nobody's choice: a file without
  // events passes whole, and not each of them must occur.
  bool implied = false;
};

// Remembers which events there are. Externally synchronised.
class EventFilter {
 public:
  // `has_events`: whether the file has the column. `wanted` must outlive it.
  EventFilter(const WantedEvents& wanted, bool has_events)
      : wanted_(wanted),
        passes_all_(wanted.names.empty() || (wanted.implied && !has_events)) {}

  bool passes_all() const { return passes_all_; }
  bool Passes(absl::string_view event);

  // Errors: FailedPrecondition, with the events that there are, when one that
  // was chosen, or all that were implied, did not occur.
  absl::Status Check(const std::string& path) const;

 private:
  const WantedEvents& wanted_;
  const bool passes_all_;
  std::map<std::string, bool> seen_;
  std::map<std::string, bool>::iterator last_ = seen_.end();
};

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DATA_EVENT_FILTER_H_
