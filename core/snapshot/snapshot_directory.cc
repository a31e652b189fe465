#include "core/snapshot/snapshot_directory.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/snapshot/manifest.h"
#include "core/snapshot/version_ledger.h"
#include "marquee/config/manifest.pb.h"

namespace marquee {

namespace fs = std::filesystem;

namespace {

constexpr char kRemoving[] = ".removing-";

}  // namespace

absl::StatusOr<std::vector<uint64_t>> ListVersions(
    const std::string& snapshots) {
  std::error_code error;
  fs::directory_iterator entries(snapshots, error);
  if (error) {
    return absl::NotFoundError(
        absl::StrCat(snapshots, ": can not be listed: ", error.message()));
  }
  std::vector<uint64_t> versions;
  for (; entries != fs::directory_iterator(); entries.increment(error)) {
    const std::string name = entries->path().filename().string();
    uint64_t version = 0;
    // "007" or "+7" would be a second name of version 7.
    if (!absl::SimpleAtoi(name, &version) || absl::StrCat(version) != name ||
        version == 0)
      continue;
    std::error_code ignored;
    if (entries->is_directory(ignored)) versions.push_back(version);
  }
  if (error) {
    return absl::UnavailableError(
        absl::StrCat(snapshots, ": can not be listed: ", error.message()));
  }
  std::sort(versions.begin(), versions.end(), std::greater<>());
  return versions;
}

std::string VersionPath(const std::string& snapshots, uint64_t version) {
  return absl::StrCat(snapshots, "/", version);
}

absl::Status RemoveVersion(const std::string& snapshots, uint64_t version) {
  const std::string path = VersionPath(snapshots, version);
  std::string removing = absl::StrCat(snapshots, "/", kRemoving, "XXXXXX");
  std::error_code error;
  if (!fs::is_directory(path, error)) {
    return absl::NotFoundError(absl::StrCat(path, ": is not a version"));
  }
  if (::mkdtemp(removing.data()) == nullptr) {
    return absl::ErrnoToStatus(errno,
                               absl::StrCat(removing, ": can not be created"));
  }
  // Over the empty directory: no other process has the name.
  fs::rename(path, removing, error);
  if (error) {
    ::rmdir(removing.c_str());
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": can not be removed: ", error.message()));
  }
  for (const auto& entry : fs::directory_iterator(snapshots, error)) {
    if (!absl::StartsWith(entry.path().filename().string(), kRemoving)) {
      continue;
    }
    std::error_code failed;
    fs::remove_all(entry.path(), failed);
    if (failed && entry.path() == removing) error = failed;
  }
  if (!error) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(removing, ": can not be removed: ", error.message()));
}

absl::StatusOr<std::string> ResolveVersion(const std::string& path) {
  std::error_code error;
  if (fs::exists(fs::path(path) / kManifestName, error)) return path;
  MARQUEE_ASSIGN_OR_RETURN(const std::vector<uint64_t> versions,
                           ListVersions(path));
  if (versions.empty()) {
    return absl::NotFoundError(absl::StrCat(
        path,
        ": is not a snapshot and holds none (`marquee build` writes one)"));
  }
  MARQUEE_ASSIGN_OR_RETURN(const VersionLedger ledger,
                           VersionLedger::Read(path));
  for (const uint64_t version : versions) {
    const std::string candidate = VersionPath(path, version);
    const absl::StatusOr<config::Manifest> manifest = ReadManifest(candidate);
    // An unreadable manifest is reported by the load of the whole version.
    if (!manifest.ok() || ledger.Find(manifest->identity()) == nullptr) {
      return candidate;
    }
  }
  return absl::FailedPreconditionError(
      absl::StrCat(path,
                   ": every version is blocked; name the one that is "
                   "meant, as ",
                   VersionPath(path, versions.front())));
}

}  // namespace marquee
