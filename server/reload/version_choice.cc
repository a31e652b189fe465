#include "server/reload/version_choice.h"

namespace marquee {
namespace {

// Whether another snapshot has taken the number.
bool TookNumber(const VersionState& version,
                const std::optional<VersionName>& of) {
  return of && version.number == of->number && version.has_manifest &&
         version.identity != of->identity;
}

}  // namespace

void VersionHistory::Published(const VersionName& version) {
  served = version;
  if (!newest || version.number >= newest->number) newest = version;
  if (version.number == pinned) pinned_identity = version.identity;
  was_blocked.erase(version.identity);
}

void VersionHistory::FoundBlocked(uint64_t identity) {
  was_blocked.insert(identity);
}

bool IsWanted(const VersionState& version, const VersionHistory& history,
              bool leave) {
  if (history.pinned != 0) {
    if (version.number != history.pinned) return false;
    return !history.pinned_identity ||
           (version.has_manifest &&
            version.identity != history.pinned_identity);
  }
  if (!history.served) return true;
  if (leave) return version.identity != history.served->identity;
  if (!history.newest || version.number > history.newest->number) return true;
  if (TookNumber(version, history.newest)) return true;
  if (TookNumber(version, history.served)) return true;
  return version.number > history.served->number && version.identity &&
         history.was_blocked.contains(*version.identity);
}

}  // namespace marquee
