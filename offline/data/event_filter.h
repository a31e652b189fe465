// Which rows of interactions are signs of liking, by what happened.
#ifndef MARQUEE_OFFLINE_DATA_EVENT_FILTER_H_
#define MARQUEE_OFFLINE_DATA_EVENT_FILTER_H_

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace marquee {

struct WantedEvents {
  // Empty: every event.
  std::vector<std::string> names;
  // Nobody chose them: the vectors learnt from them. A file without events
  // passes whole, and not each of them must occur.
  bool implied = false;
  // What chooses them, for errors.
  absl::string_view option = "--events";
};

// Remembers which events there are. Externally synchronised.
class EventFilter {
 public:
  // `has_events`: whether the file has the column. `wanted` must outlive it.
  EventFilter(const WantedEvents& wanted, bool has_events)
      : wanted_(wanted),
        passes_all_(wanted.names.empty() || (wanted.implied && !has_events)),
        found_(wanted.names.size()) {}

  bool passes_all() const { return passes_all_; }
  // Of each row of the file, whatever else is asked of it.
  bool Passes(absl::string_view event);

  // Errors: FailedPrecondition, with the events that there are, when one that
  // was chosen, or all that were implied, did not occur.
  absl::Status Check(const std::string& path) const;
  // "9 of its 10 rows are …", without the file, where implied events leave rows
  // out, which nobody may have meant; else empty.
  std::string Tell() const;

 private:
  static constexpr size_t kMostOthers = 16;

  void Find(absl::string_view event);

  const WantedEvents& wanted_;
  const bool passes_all_;
  std::vector<bool> found_;       // by wanted_.names
  std::set<std::string> others_;  // the first kMostOthers
  bool has_more_others_ = false;
  uint64_t rows_ = 0;
  uint64_t passed_ = 0;
  std::string last_;
  bool last_passes_ = false;
};

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DATA_EVENT_FILTER_H_
