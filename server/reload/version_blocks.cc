#include "server/reload/version_blocks.h"

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace marquee {

std::optional<std::string> BlockedNow::Why(uint64_t identity) const {
  if (const BlockedVersion* const block = ledger_.Find(identity)) {
    return absl::StrCat(Describe(*block), " (`marquee versions DIR unblock ",
                        IdentityText(identity), "` lifts it)");
  }
  if (configured_.contains(identity)) {
    return absl::StrCat("is blocked by the configuration (blocked: \"",
                        IdentityText(identity), "\")");
  }
  if (left_.contains(identity)) {
    return "was rolled back from by this server";
  }
  return std::nullopt;
}

absl::StatusOr<BlockedNow> VersionBlocks::Read() const {
  MARQUEE_ASSIGN_OR_RETURN(VersionLedger ledger,
                           VersionLedger::Read(snapshots_));
  absl::MutexLock lock(&mu_);
  return BlockedNow(std::move(ledger), configured_, left_);
}

absl::Status VersionBlocks::Block(const BlockedVersion& block) {
  const absl::Status status =
      UpdateLedger(snapshots_, [&](VersionLedger& ledger) {
        ledger.Block(block);
        return absl::OkStatus();
      });
  if (!status.ok()) {
    absl::MutexLock lock(&mu_);
    left_.insert(block.identity);
  }
  return status;
}

}  // namespace marquee
