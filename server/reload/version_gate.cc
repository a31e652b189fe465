#include "server/reload/version_gate.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/snapshot/snapshot_directory.h"
#include "server/reload/version_state.h"

namespace marquee {

absl::StatusOr<uint64_t> VersionGate::Choose(uint64_t version, bool force) {
  if (version == 0) version = pinned_;
  if (pinned_ != 0 && version != pinned_ && !force) {
    return absl::FailedPreconditionError(absl::StrCat(
        "snapshot_version pins version ", pinned_, ", and this is version ",
        version, "; Reload with force takes it until the server ends"));
  }
  MARQUEE_ASSIGN_OR_RETURN(const std::vector<uint64_t> versions,
                           ListVersions(snapshots_));
  const absl::StatusOr<BlockedNow> blocked = blocks_.Read();
  // A forced load of a given version does not need the blocks.
  if (version == 0 || !force) MARQUEE_RETURN_IF_ERROR(blocked.status());
  if (version == 0) return NewestAllowed(versions, *blocked);
  MARQUEE_RETURN_IF_ERROR(CheckListed(version, versions));
  if (force) return version;
  const auto why = WhyBlocked(version, *blocked);
  if (!why) return version;
  if (version == pinned_) return PinnedIsBlocked(*why);
  return absl::FailedPreconditionError(absl::StrCat(
      "version ", version, " ", *why, "; Reload with force loads it anyway"));
}

absl::StatusOr<uint64_t> VersionGate::NewestAllowed(
    const std::vector<uint64_t>& versions, const BlockedNow& blocked) {
  for (const uint64_t version : versions) {
    if (!WhyBlocked(version, blocked)) return version;
  }
  if (versions.empty()) {
    return absl::NotFoundError(absl::StrCat(
        snapshots_, ": holds no snapshot (`marquee build` writes one)"));
  }
  return absl::FailedPreconditionError(absl::StrCat(
      snapshots_, ": every version is blocked, the newest, ", versions.front(),
      ", ", *WhyBlocked(versions.front(), blocked)));
}

std::optional<std::string> VersionGate::WhyBlocked(uint64_t version,
                                                   const BlockedNow& blocked) {
  const VersionState state = ReadVersionState(snapshots_, version);
  if (!state.identity) return std::nullopt;
  std::optional<std::string> why = blocked.Why(*state.identity);
  if (why) history_.FoundBlocked(*state.identity);
  return why;
}

absl::Status VersionGate::PinnedIsBlocked(absl::string_view why) const {
  return absl::FailedPreconditionError(absl::StrCat(
      "snapshot_version pins version ", pinned_, ", and that version ", why,
      "; unblock it or pin another one"));
}

absl::Status VersionGate::CheckListed(
    uint64_t version, const std::vector<uint64_t>& versions) const {
  if (std::find(versions.begin(), versions.end(), version) != versions.end()) {
    return absl::OkStatus();
  }
  return absl::NotFoundError(
      absl::StrCat(snapshots_, ": has no version ", version));
}

std::string VersionGate::HowLongItStays(uint64_t version, bool force,
                                        bool polls) {
  const absl::StatusOr<uint64_t> next = Choose(0, /*force=*/false);
  if (!next.ok() || *next == version) return "";
  const std::string then = absl::StrCat("version ", *next, " is taken");
  if (pinned_ != 0) {
    return absl::StrCat("it stays until SIGHUP or a restart; then ", then,
                        ", which snapshot_version pins");
  }
  if (!polls) {
    return absl::StrCat("it stays until SIGHUP or a restart; then ", then,
                        ", unless it is blocked");
  }
  const bool frees = !force && !history_.was_blocked.empty();
  return absl::StrCat(
      "it stays until one newer than all that were served is taken, ",
      frees ? "one that is blocked now is free, " : "",
      "SIGHUP or a restart; then that one or ", then, ", unless it is blocked");
}

}  // namespace marquee
