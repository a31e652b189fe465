// Which version of the directory polling takes.
//
// Numbers say what is newer, identities what is the same. A server that polls
// goes to what is newer than everything it served, to another snapshot under
// the number that it serves or served last, and back to one that is not blocked
// any more. It never goes back by itself to what somebody left, and never away
// from the version that is pinned.
#ifndef MARQUEE_SERVER_RELOAD_VERSION_CHOICE_H_
#define MARQUEE_SERVER_RELOAD_VERSION_CHOICE_H_

#include <cstdint>
#include <optional>
#include <set>

#include "server/reload/version_state.h"

namespace marquee {

// What this process has done with versions so far. Externally synchronised.
struct VersionHistory {
  std::optional<VersionName> served;  // now
  // Of the highest number that was served.
  std::optional<VersionName> newest;
  // The only number to take; 0: none is pinned.
  uint64_t pinned = 0;
  // Under which identity the pinned number was loaded last.
  std::optional<uint64_t> pinned_identity;
  // Found blocked, and not published since.
  std::set<uint64_t> was_blocked;

  void Published(const VersionName& version);
  void FoundBlocked(uint64_t identity);
};

// Whether a version that is not blocked is one to load. `leave`: what is served
// is blocked, and any other is better.
bool IsWanted(const VersionState& version, const VersionHistory& history,
              bool leave);

}  // namespace marquee

#endif  // MARQUEE_SERVER_RELOAD_VERSION_CHOICE_H_
