#include "server/reload/version_state.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/checksum.h"
#include "core/snapshot/manifest.h"
#include "core/snapshot/snapshot_directory.h"
#include "marquee/config/manifest.pb.h"

namespace marquee {
namespace {

namespace fs = std::filesystem;

// Includes the time of the inode: a copy may set the other one back.
std::string Describe(const fs::path& file) {
  struct stat info {};
  const int failed = ::stat(file.c_str(), &info);
  return absl::StrCat(file.filename().string(), " ", failed, " ", info.st_ino,
                      " ", info.st_size, " ", info.st_mtim.tv_sec, ".",
                      info.st_mtim.tv_nsec, " ", info.st_ctim.tv_sec, ".",
                      info.st_ctim.tv_nsec);
}

}  // namespace

VersionState ReadVersionState(const std::string& snapshots, uint64_t number) {
  const std::string path = VersionPath(snapshots, number);
  VersionState state{.number = number};
  std::vector<std::string> files = {Describe(path)};
  std::error_code error;
  for (fs::directory_iterator entry(path, error);
       !error && entry != fs::directory_iterator(); entry.increment(error)) {
    files.push_back(Describe(entry->path()));
  }
  std::sort(files.begin(), files.end());
  state.fingerprint = Checksum64(absl::StrJoin(files, "\n"));
  const auto manifest = ReadManifest(path);
  state.has_manifest = !absl::IsNotFound(manifest.status());
  if (manifest.ok()) state.identity = manifest->identity();
  return state;
}

}  // namespace marquee
