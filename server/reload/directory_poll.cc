#include "server/reload/directory_poll.h"

#include <algorithm>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/snapshot/snapshot_directory.h"

namespace marquee {

void DirectoryPoll::Poll(const Load& load) {
  const absl::StatusOr<std::vector<uint64_t>> versions =
      ListVersions(snapshots_);
  reported_.Report("snapshots can not be listed", versions.status());
  const absl::StatusOr<BlockedNow> blocked = blocks_.Read();
  reported_.Report("blocked versions can not be read", blocked.status());
  if (!versions.ok() || !blocked.ok()) return;
  SeeWhatServes();
  if (history_.served) ReportAbsence(*versions);
  const bool leave = MustLeave(*blocked);
  if (StaysBesideThePin()) return;
  // From a blocked version it may go even to one that shows less than half of
  // it, if there is no other. A pin counts as force.
  std::vector<LoadCause> causes = {LoadCause::kPoll};
  if (leave) causes = {LoadCause::kLeave, LoadCause::kAway};
  if (history_.pinned != 0) causes = {LoadCause::kForced};
  for (const LoadCause cause : causes) {
    for (const uint64_t version : *versions) {
      if (Try(version, *blocked, leave, cause, load)) return;
    }
  }
}

// If an operator chose the served version, a version that was unblocked
// meanwhile is not wanted. One that is still blocked is found again by the same
// poll.
void DirectoryPoll::SeeWhatServes() {
  const OperatorChoice::Seen seen = choice_.See();
  if (seen.served) history_.served = seen.served;
  if (seen.chosen) history_.was_blocked.clear();
}

// The served version stays in memory, even if its files change.
void DirectoryPoll::ReportAbsence(const std::vector<uint64_t>& versions) {
  const uint64_t served = history_.served->number;
  const bool there =
      std::find(versions.begin(), versions.end(), served) != versions.end();
  reported_.Report(
      "served version is gone from the directory",
      there ? absl::OkStatus()
            : absl::NotFoundError(absl::StrCat(
                  "version ", served,
                  " is served from memory until there is a newer one")));
}

// Whether the served version is blocked and may be left. Logs either result.
bool DirectoryPoll::MustLeave(const BlockedNow& blocked) {
  constexpr absl::string_view kEvent = "served version is blocked";
  std::optional<std::string> why;
  if (history_.served) why = blocked.Why(history_.served->identity);
  if (!why || choice_.IsForced(*history_.served)) {
    reported_.Report(kEvent, absl::OkStatus());
    return false;
  }
  const bool pinned = history_.pinned != 0;
  reported_.Report(kEvent,
                   absl::FailedPreconditionError(absl::StrCat(
                       "version ", history_.served->number, " ", *why,
                       pinned ? ", and stays because snapshot_version pins it"
                              : "; the newest that is not blocked takes "
                                "over, if there is one")));
  // It may be missing when it is searched for, and back when it is unblocked.
  if (!pinned) history_.FoundBlocked(history_.served->identity);
  return !pinned;
}

// Whether the pin tolerates the served version, because another number was
// forced.
bool DirectoryPoll::StaysBesideThePin() const {
  return history_.pinned != 0 && history_.served &&
         history_.served->number != history_.pinned &&
         choice_.IsForced(*history_.served);
}

bool DirectoryPoll::Try(uint64_t version, const BlockedNow& blocked, bool leave,
                        LoadCause cause, const Load& load) {
  const VersionState state = ReadVersionState(snapshots_, version);
  if (state.identity && blocked.Why(*state.identity)) {
    history_.FoundBlocked(*state.identity);
    return false;
  }
  return IsWanted(state, history_, leave) && !loader_.HasFailed(state, cause) &&
         load(state, cause);
}

}  // namespace marquee
