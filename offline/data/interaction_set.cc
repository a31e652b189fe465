#include "offline/data/interaction_set.h"

#include <cstddef>
#include <span>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "offline/data/interactions.h"
#include "offline/data/row_copies.h"
#include "offline/formats/progress.h"

namespace marquee {
namespace {

absl::Status LeaveOutCopies(const std::string& path,
                            std::span<const uint64_t> digests,
                            InteractionSet& set) {
  MARQUEE_ASSIGN_OR_RETURN(
      set.copies, FindCopies(path, set.users.size(), digests,
                             [&](size_t row) { return set.user[row]; }));
  if (set.copies.empty()) return absl::OkStatus();
  const auto first =
      static_cast<size_t>(absl::c_find(set.copies, true) - set.copies.begin());
  set.remarks.push_back(
      TellCopies(path, static_cast<uint64_t>(absl::c_count(set.copies, true)),
                 set.users[set.user[first]], set.items[set.item[first]]));
  LeaveOut(set.copies, set.user);
  LeaveOut(set.copies, set.item);
  LeaveOut(set.copies, set.timestamp);
  LeaveOut(set.copies, set.weight);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<InteractionSet> LoadInteractions(
    const std::string& path, const InteractionFilter& filter) {
  MARQUEE_ASSIGN_OR_RETURN(auto reader, InteractionReader::Open(path));
  Progress progress(absl::StrCat("reading ", path), reader->size_bytes(), "B");
  InteractionSet set;
  EventFilter events(filter.events, reader->has_events());
  std::vector<uint64_t> digests;
  InteractionView row;
  while (true) {
    MARQUEE_ASSIGN_OR_RETURN(const bool more, reader->Next(&row));
    if (!more) break;
    ++set.rows_read;
    progress.Update(reader->consumed_bytes());
    // Before the time is checked: events.Check reports an event as missing only
    // if the whole file lacks it.
    const bool wanted = events.Passes(row.event);
    if (row.timestamp < filter.since || row.timestamp >= filter.until) continue;
    set.seen.Add(row);
    if (!wanted) continue;
    if (filter.positive_only && !(row.weight > 0)) continue;
    set.user.push_back(set.users.FindOrAdd(row.user_id));
    set.item.push_back(set.items.FindOrAdd(row.item_id));
    set.timestamp.push_back(row.timestamp);
    set.weight.push_back(row.weight);
    digests.push_back(DigestOf(row));
  }
  set.remarks = reader->Remarks(filter.positive_only ? &events : nullptr);
  MARQUEE_RETURN_IF_ERROR(LeaveOutCopies(path, digests, set));
  MARQUEE_RETURN_IF_ERROR(events.Check(path));
  if (set.size() == 0) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": none of its ", set.rows_read,
                     " rows has the wanted events, time and weight"));
  }
  return set;
}

}  // namespace marquee
