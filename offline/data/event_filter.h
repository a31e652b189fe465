// Decides by the event which rows of interactions are signs of liking.
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
  // True: the user did not choose the names; the vectors learnt from them. Then
  // a file without events passes whole, and not every name must occur.
  bool implied = false;
  // The option that chooses them, for errors.
  absl::string_view option = "--events";
};

// Remembers which events occur. Externally synchronised.
class EventFilter {
 public:
  // `has_events`: whether the file has the column. `wanted` must outlive the
  // filter.
  EventFilter(const WantedEvents& wanted, bool has_events)
      : wanted_(wanted),
        passes_all_(wanted.names.empty() || (wanted.implied && !has_events)),
        found_(wanted.names.size()) {}

  bool passes_all() const { return passes_all_; }
  // Whether the event is wanted. Call it for every row of the file, even if the
  // result is not needed.
  bool Passes(absl::string_view event);

  // Errors: FailedPrecondition, with the events of the file, if a chosen event
  // did not occur, or, for implied events, if none of them did.
  absl::Status Check(const std::string& path) const;
  // Returns "9 of its 10 rows are …", without the file, if implied events leave
  // rows out, which may not be meant; else empty.
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
