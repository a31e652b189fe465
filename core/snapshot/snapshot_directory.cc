#include "core/snapshot/snapshot_directory.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <system_error>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/snapshot/manifest.h"

namespace marquee {

namespace fs = std::filesystem;

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

absl::StatusOr<std::string> ResolveVersion(const std::string& path) {
  std::error_code error;
  if (fs::exists(fs::path(path) / kManifestName, error)) return path;
  MARQUEE_ASSIGN_OR_RETURN(const std::vector<uint64_t> versions,
                           ListVersions(path));
  if (versions.empty()) {
    return absl::NotFoundError(absl::StrCat(
        path, ": is no snapshot and holds none (`marquee build` writes one)"));
  }
  return VersionPath(path, versions.front());
}

}  // namespace marquee
