// marquee versions: lists the versions of a directory, removes old ones, and
// blocks versions.
#include <algorithm>
#include <cstdio>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/status_macros.h"
#include "core/snapshot/snapshot_directory.h"
#include "core/snapshot/version_ledger.h"
#include "nlohmann/json.hpp"
#include "offline/cli/commands.h"
#include "offline/cli/examine.h"
#include "offline/cli/print_json.h"
#include "offline/cli/version_entries.h"
#include "offline/cli/versions_block.h"
#include "offline/command_line/value_check.h"

namespace marquee {
namespace {

absl::Status List(const VersionsCall& call) {
  MARQUEE_ASSIGN_OR_RETURN(const std::vector<VersionEntry> entries,
                           ReadVersionEntries(call.snapshots));
  if (entries.empty()) {
    return absl::NotFoundError(absl::StrCat(
        call.snapshots, ": holds no version (`marquee build` writes them)"));
  }
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const VersionEntry& entry : entries) {
    list.push_back(AsJson(entry));
    if (call.json) continue;
    const bool known = entry.manifest.identity() != 0;
    absl::PrintF("%6d  %16s  %20s  %10s  %s\n", entry.version,
                 known ? entry.identity() : "-", known ? entry.created() : "-",
                 known
                     ? absl::StrFormat("%.1f MB",
                                       static_cast<double>(entry.bytes()) / 1e6)
                     : "-",
                 entry.state());
  }
  if (call.json) PrintJson(list);
  return absl::OkStatus();
}

absl::Status Current(const VersionsCall& call) {
  MARQUEE_ASSIGN_OR_RETURN(const std::vector<VersionEntry> entries,
                           ReadVersionEntries(call.snapshots));
  for (const VersionEntry& entry : entries) {
    if (!entry.current) continue;
    if (call.json) {
      PrintJson(AsJson(entry));
    } else {
      absl::PrintF("%d\n", entry.version);
    }
    return absl::OkStatus();
  }
  return absl::NotFoundError(absl::StrCat(
      call.snapshots,
      ": has no version that a server would take (`marquee versions ",
      call.snapshots, " list` says why)"));
}

struct Removal {
  std::vector<VersionEntry> old;  // for removal
  // Older, too, but kept, because they can not be read.
  std::vector<VersionEntry> unread;
};

// Whether a server would load it if it were the newest. Reads all of it.
bool IsSound(const VersionsCall& call, const VersionEntry& entry) {
  if (entry.manifest.identity() == 0 || entry.block || !entry.fault.empty()) {
    return false;
  }
  if (entry.current) return true;
  const auto finding =
      Examine(VersionPath(call.snapshots, entry.version), EmptyShelves::kAllow);
  return finding.ok() && !finding->shows_nothing;
}

// Chooses the versions older than the current one, except the newest `keep`
// that servers would load. Newer ones are about to be loaded, or kept for
// inspection.
absl::StatusOr<Removal> ChooseOld(const VersionsCall& call) {
  MARQUEE_ASSIGN_OR_RETURN(std::vector<VersionEntry> entries,
                           ReadVersionEntries(call.snapshots));
  for (const uint64_t spared : call.spared) {
    if (std::none_of(entries.begin(), entries.end(), [&](const auto& entry) {
          return entry.version == spared;
        })) {
      return absl::NotFoundError(absl::StrCat("--spare: ", call.snapshots,
                                              " has no version ", spared,
                                              "; nothing was removed"));
    }
  }
  Removal removal;
  bool below_current = false;
  uint64_t kept = 0;
  for (VersionEntry& entry : entries) {
    const bool unread = entry.manifest.identity() == 0;
    // IsSound reads the whole version, so it is called only while it matters.
    const bool keep = kept < call.keep && IsSound(call, entry);
    kept += keep;
    const bool spared = std::find(call.spared.begin(), call.spared.end(),
                                  entry.version) != call.spared.end();
    if (below_current && !keep && !spared) {
      (unread ? removal.unread : removal.old).push_back(std::move(entry));
    }
    below_current = below_current || entry.current;
  }
  if (below_current) return removal;
  return absl::FailedPreconditionError(absl::StrCat(
      call.snapshots,
      ": no version is current, so none is old; nothing was removed"));
}

absl::Status Prune(const VersionsCall& call) {
  MARQUEE_ASSIGN_OR_RETURN(const Removal removal, ChooseOld(call));
  // An update records the highest number, so that none is given again.
  if (!call.dry_run) {
    MARQUEE_RETURN_IF_ERROR(UpdateLedger(
        call.snapshots, [](VersionLedger&) { return absl::OkStatus(); }));
  }
  nlohmann::ordered_json removed = nlohmann::ordered_json::array();
  for (const VersionEntry& entry : removal.old) {
    if (!call.dry_run) {
      MARQUEE_RETURN_IF_ERROR(RemoveVersion(call.snapshots, entry.version));
    }
    removed.push_back(AsJson(entry));
    if (call.json) continue;
    absl::PrintF("%s version %d, %.1f MB, created %s\n",
                 call.dry_run ? "would remove" : "removed", entry.version,
                 static_cast<double>(entry.bytes()) / 1e6, entry.created());
  }
  if (call.json) {
    PrintJson({{"dry_run", call.dry_run}, {"removed", removed}});
  } else if (removal.old.empty()) {
    absl::PrintF("nothing to remove\n");
  }
  for (const VersionEntry& entry : removal.unread) {
    absl::FPrintF(stderr, "marquee: warning: version %d is left: %s\n",
                  entry.version, entry.fault);
  }
  return absl::OkStatus();
}

void AddBlocking(Command versions, const std::shared_ptr<VersionsCall>& call) {
  Command block =
      versions.Add("block",
                   "Mark a version so that no server loads it by itself; a "
                   "server that serves it and polls leaves it");
  block.Does([call] { return BlockVersion(*call); });
  block.AddOption("VERSION", call->version, "Its number").Required();
  block.AddOption("--why", call->why, "The reason, kept with the block")
      .Required();
  block.AddOption("--by", call->by, "Who blocks; left out: the login name");
  Command unblock = versions.Add("unblock", "Lift a mark");
  unblock.Does([call] { return UnblockVersion(*call); });
  unblock
      .AddOption("VERSION", call->version,
                 "The number of the version, or the identity of the snapshot")
      .Required();
}

}  // namespace

void RegisterVersions(Command program) {
  const auto call = std::make_shared<VersionsCall>();
  Command versions = program.Add(
      "versions", "Show, block and remove the versions of the snapshot");
  versions.AddOption("SNAPSHOTS", call->snapshots, "Directory of the versions")
      .Required();
  Command list = versions.Add(
      "list", "All of them, newest first, with identity, age, size and state");
  list.Does([call] { return List(*call); });
  list.AddFlag("--json", call->json, "Print JSON");
  Command current = versions.Add(
      "current", "The number of the one that a server takes that starts now");
  current.Does([call] { return Current(*call); });
  current.AddFlag("--json", call->json, "Print JSON");
  AddBlocking(versions, call);
  Command prune = versions.Add(
      "prune", "Remove the versions that are older than the current one");
  prune.Does([call] { return Prune(*call); });
  prune
      .AddOption("--keep", call->keep,
                 "The newest so many that are sound and not blocked stay")
      .Required()
      .Check(WholeNumber(1, 1000000));
  prune
      .AddOption("--spare", call->spared,
                 "These stay too: what a snapshot_version pins")
      .Check(WholeNumber(1, std::numeric_limits<uint64_t>::max()));
  prune.AddFlag("--dry-run", call->dry_run, "Only say what would go");
  prune.AddFlag("--json", call->json, "Print JSON");
}

}  // namespace marquee
