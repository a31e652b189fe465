#include "offline/data/interaction_set.h"

#include <algorithm>
#include <map>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/status_macros.h"
#include "offline/data/interactions.h"
#include "offline/data/progress.h"

namespace marquee {
namespace {

// Remembers which events there are and which of them are wanted.
class EventFilter {
 public:
  explicit EventFilter(const std::vector<std::string>& wanted)
      : wanted_(wanted) {}

  bool Passes(absl::string_view event) {
    if (wanted_.empty()) return true;
    if (last_ == seen_.end() || last_->first != event) {
      last_ = seen_.try_emplace(std::string(event), false).first;
      last_->second = std::find(wanted_.begin(), wanted_.end(), last_->first) !=
                      wanted_.end();
    }
    return last_->second;
  }

  absl::Status CheckAllSeen(const std::string& path) const {
    for (const std::string& event : wanted_) {
      if (seen_.contains(event)) continue;
      const auto name = [](std::string* out, const auto& entry) {
        absl::StrAppend(out, "'", entry.first, "'");
      };
      return absl::FailedPreconditionError(
          absl::StrCat(path, ": no row has the event '", event, "'; it has ",
                       absl::StrJoin(seen_, ", ", name)));
    }
    return absl::OkStatus();
  }

 private:
  const std::vector<std::string>& wanted_;
  std::map<std::string, bool> seen_;
  std::map<std::string, bool>::iterator last_ = seen_.end();
};

}  // namespace

absl::StatusOr<InteractionSet> LoadInteractions(
    const std::string& path, const InteractionFilter& filter) {
  MARQUEE_ASSIGN_OR_RETURN(auto reader, InteractionReader::Open(path));
  Progress progress(absl::StrCat("reading ", path), reader->size_bytes(), "B");
  InteractionSet set;
  EventFilter events(filter.events);
  InteractionView row;
  while (true) {
    MARQUEE_ASSIGN_OR_RETURN(const bool more, reader->Next(&row));
    if (!more) break;
    ++set.rows_read;
    progress.Update(reader->consumed_bytes());
    const bool wanted = events.Passes(row.event);
    if (row.timestamp < filter.since || row.timestamp >= filter.until) continue;
    set.seen.Add(row);
    if (!wanted) continue;
    if (filter.positive_only && !(row.weight > 0)) continue;
    set.user.push_back(set.users.FindOrAdd(row.user_id));
    set.item.push_back(set.items.FindOrAdd(row.item_id));
    set.timestamp.push_back(row.timestamp);
    set.weight.push_back(row.weight);
  }
  set.remarks = reader->Remarks();
  if (filter.events.empty()) set.events = reader->TellEvents();
  MARQUEE_RETURN_IF_ERROR(events.CheckAllSeen(path));
  if (set.size() == 0) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": none of its ", set.rows_read,
                     " rows has the wanted events, time and weight"));
  }
  return set;
}

}  // namespace marquee
