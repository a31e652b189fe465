#include "offline/cli/versions_block.h"

#include <pwd.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "core/snapshot/manifest.h"
#include "core/snapshot/snapshot_directory.h"
#include "core/snapshot/version_ledger.h"
#include "marquee/config/manifest.pb.h"

namespace marquee {
namespace {

std::string LoginName() {
  const struct passwd* const user = ::getpwuid(::geteuid());
  return user != nullptr ? user->pw_name : absl::StrCat("uid ", ::geteuid());
}

// Finds a block by identity, or by the number that a snapshot has or had when
// it was blocked.
absl::StatusOr<BlockedVersion> FindBlock(const VersionsCall& call,
                                         const VersionLedger& ledger) {
  if (const auto identity = ParseIdentity(call.version)) {
    if (const auto* const block = ledger.Find(*identity)) return *block;
  }
  std::vector<BlockedVersion> found;
  uint64_t version = 0;
  if (absl::SimpleAtoi(call.version, &version)) {
    const auto manifest = ReadManifest(VersionPath(call.snapshots, version));
    const auto* const block =
        manifest.ok() ? ledger.Find(manifest->identity()) : nullptr;
    if (block != nullptr) return *block;
    // The number of a removed version may belong to several blocks. Beside a
    // readable manifest, a block with this number is of another snapshot.
    for (const BlockedVersion& other : ledger.blocked) {
      if (other.version == version && !manifest.ok()) found.push_back(other);
    }
  }
  if (found.size() == 1) return found.front();
  std::string list;
  for (const BlockedVersion& block : ledger.blocked) {
    absl::StrAppend(&list, "\n  ", IdentityText(block.identity), "  version ",
                    block.version, " ", Describe(block));
  }
  return absl::FailedPreconditionError(
      absl::StrCat(call.snapshots, ": ", found.empty() ? "no" : "more than one",
                   " blocked snapshot is called '", call.version, "'; blocked ",
                   list.empty() ? "is none" : "are:", list));
}

}  // namespace

absl::Status BlockVersion(const VersionsCall& call) {
  uint64_t version = 0;
  if (!absl::SimpleAtoi(call.version, &version)) {
    return absl::InvalidArgumentError(
        absl::StrCat("VERSION is '", call.version,
                     "', must be a number of `marquee "
                     "versions ",
                     call.snapshots, " list`"));
  }
  const auto manifest = ReadManifest(VersionPath(call.snapshots, version));
  if (!manifest.ok()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "a version is blocked by the identity in its manifest, for its number "
        "may be another's later, and that can not be read: ",
        manifest.status().message()));
  }
  const BlockedVersion block{.version = version,
                             .identity = manifest->identity(),
                             .by = call.by.empty() ? LoginName() : call.by,
                             .when = absl::Now(),
                             .why = call.why};
  MARQUEE_RETURN_IF_ERROR(CheckBlockWords("--by", block.by));
  MARQUEE_RETURN_IF_ERROR(CheckBlockWords("--why", block.why));
  std::string replaced;
  const absl::Status kept =
      UpdateLedger(call.snapshots, [&](VersionLedger& ledger) {
        if (const auto* const before = ledger.Find(block.identity)) {
          replaced = absl::StrCat("; before it ", Describe(*before));
        }
        ledger.Block(block);
        return absl::OkStatus();
      });
  if (!kept.ok()) {
    return {kept.code(),
            absl::StrCat(kept.message(),
                         "; where that can not be mended, "
                         "blocked: \"",
                         IdentityText(block.identity),
                         "\" in the configuration of every server does the "
                         "same")};
  }
  absl::PrintF("version %d, identity %s, %s%s\n", version,
               IdentityText(block.identity), Describe(block), replaced);
  const auto left = ResolveVersion(call.snapshots);
  if (left.ok()) {
    absl::PrintF("the newest that is not blocked is %s\n", *left);
  } else {
    absl::FPrintF(stderr,
                  "marquee: warning: no version is left that a server would "
                  "take: %s\n",
                  left.status().message());
  }
  return absl::OkStatus();
}

absl::Status UnblockVersion(const VersionsCall& call) {
  BlockedVersion lifted;
  MARQUEE_RETURN_IF_ERROR(
      UpdateLedger(call.snapshots, [&](VersionLedger& ledger) -> absl::Status {
        MARQUEE_ASSIGN_OR_RETURN(lifted, FindBlock(call, ledger));
        ledger.Unblock(lifted.identity);
        return absl::OkStatus();
      }));
  absl::PrintF("identity %s, version %d when it was blocked: is free\n",
               IdentityText(lifted.identity), lifted.version);
  return absl::OkStatus();
}

}  // namespace marquee
