// Chooses the version for an explicit request. A pin and blocks apply to every
// request without force.
#ifndef MARQUEE_SERVER_RELOAD_VERSION_GATE_H_
#define MARQUEE_SERVER_RELOAD_VERSION_GATE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/reload/version_blocks.h"
#include "server/reload/version_choice.h"

namespace marquee {

// Externally synchronised. All references must outlive it.
class VersionGate {
 public:
  // `snapshots`: the directory with the versions; `pinned`: 0: none.
  VersionGate(std::string snapshots, uint64_t pinned,
              const VersionBlocks& blocks, VersionHistory& history)
      : snapshots_(std::move(snapshots)),
        pinned_(pinned),
        blocks_(blocks),
        history_(history) {}

  // `version` 0: the pinned one, else the newest that is not blocked. Errors:
  // NotFound if there is no such version; FailedPrecondition with the pin or
  // block that forbids it; those of ListVersions and VersionBlocks::Read.
  absl::StatusOr<uint64_t> Choose(uint64_t version, bool force);

  // Returns why the version is blocked, and remembers that it was; nullopt: it
  // is not blocked, or can not be read.
  std::optional<std::string> WhyBlocked(uint64_t version,
                                        const BlockedNow& blocked);
  absl::Status CheckListed(uint64_t version,
                           const std::vector<uint64_t>& versions) const;
  absl::Status PinnedIsBlocked(absl::string_view why) const;
  // Returns, in words, how long a version that was loaded on request stays;
  // empty: until another one is requested. `polls`: the server polls.
  std::string HowLongItStays(uint64_t version, bool force, bool polls);

 private:
  absl::StatusOr<uint64_t> NewestAllowed(const std::vector<uint64_t>& versions,
                                         const BlockedNow& blocked);

  const std::string snapshots_;
  const uint64_t pinned_;
  const VersionBlocks& blocks_;
  VersionHistory& history_;
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_RELOAD_VERSION_GATE_H_
