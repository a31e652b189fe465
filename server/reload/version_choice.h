// Chooses the version of the directory that polling loads.
//
// Numbers say what is newer, identities what is the same. Polling loads:
// - a version newer than all that this server has served,
// - another snapshot under the number that it serves or served last,
// - a version that is not blocked any more.
//
// It never goes back by itself to a version that was left, and never away from
// the pinned version.
#ifndef MARQUEE_SERVER_RELOAD_VERSION_CHOICE_H_
#define MARQUEE_SERVER_RELOAD_VERSION_CHOICE_H_

#include <cstdint>
#include <optional>
#include <set>

#include "server/reload/version_state.h"

namespace marquee {

// The versions that this process has handled so far. Externally synchronised.
struct VersionHistory {
  std::optional<VersionName> served;  // now
  // The version with the highest number that was served.
  std::optional<VersionName> newest;
  // The only number to load; 0: none is pinned.
  uint64_t pinned = 0;
  // The identity under which the pinned number was loaded last.
  std::optional<uint64_t> pinned_identity;
  // Identities that were found blocked, and have not been published since.
  std::set<uint64_t> was_blocked;

  void Published(const VersionName& version);
  void FoundBlocked(uint64_t identity);
};

// Whether to load a version that is not blocked. `leave`: the served one is
// blocked, and any other is better.
bool IsWanted(const VersionState& version, const VersionHistory& history,
              bool leave);

}  // namespace marquee

#endif  // MARQUEE_SERVER_RELOAD_VERSION_CHOICE_H_
