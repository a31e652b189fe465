// The snapshots that this server does not load by itself: those that are
// blocked in the directory or in its configuration, or that it was rolled back
// from while the directory could not be written.
#ifndef MARQUEE_SERVER_RELOAD_VERSION_BLOCKS_H_
#define MARQUEE_SERVER_RELOAD_VERSION_BLOCKS_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "core/snapshot/version_ledger.h"

namespace marquee {

// The blocks at one moment. Immutable after construction.
class BlockedNow {
 public:
  BlockedNow(VersionLedger ledger, std::set<uint64_t> configured,
             std::set<uint64_t> left)
      : ledger_(std::move(ledger)),
        configured_(std::move(configured)),
        left_(std::move(left)) {}

  // Returns "is blocked …: WHY", with what would lift it; nullopt: is not
  // blocked.
  std::optional<std::string> Why(uint64_t identity) const;

 private:
  const VersionLedger ledger_;
  const std::set<uint64_t> configured_;
  const std::set<uint64_t> left_;
};

// Thread-safe.
class VersionBlocks {
 public:
  // `snapshots`: the directory with the versions; `configured`: identities.
  VersionBlocks(std::string snapshots, const std::vector<uint64_t>& configured)
      : snapshots_(std::move(snapshots)),
        configured_(configured.begin(), configured.end()) {}

  // Errors: those of VersionLedger::Read. A server that can not read what is
  // blocked loads nothing by itself.
  absl::StatusOr<BlockedNow> Read() const;

  // Blocks in the directory, for all servers; if that fails, in this process.
  // Errors: those of UpdateLedger.
  absl::Status Block(const BlockedVersion& block);

 private:
  const std::string snapshots_;
  const std::set<uint64_t> configured_;

  mutable absl::Mutex mu_;
  std::set<uint64_t> left_ ABSL_GUARDED_BY(mu_);
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_RELOAD_VERSION_BLOCKS_H_
