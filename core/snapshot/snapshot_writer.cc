#include "core/snapshot/snapshot_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <filesystem>
#include <random>
#include <system_error>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/atomic_file.h"
#include "core/base/status_macros.h"
#include "core/snapshot/manifest.h"
#include "core/snapshot/snapshot_directory.h"

namespace marquee {

namespace fs = std::filesystem;

namespace {

constexpr absl::string_view kBuilding = ".building-";

// Removes the directories of builds whose process is gone.
void RemoveAbandoned(const std::string& snapshots) {
  std::error_code error;
  for (const fs::directory_entry& entry :
       fs::directory_iterator(snapshots, error)) {
    const std::string name = entry.path().filename().string();
    if (!absl::StartsWith(name, kBuilding)) continue;
    int pid = 0;
    const bool known = absl::SimpleAtoi(name.substr(kBuilding.size()), &pid);
    if (known && ::kill(pid, 0) != 0 && errno == ESRCH)
      fs::remove_all(entry.path(), error);
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<SnapshotWriter>> SnapshotWriter::Create(
    const std::string& snapshots) {
  std::error_code error;
  fs::create_directories(snapshots, error);
  if (error) {
    return absl::FailedPreconditionError(
        absl::StrCat(snapshots, ": can not be created: ", error.message()));
  }
  RemoveAbandoned(snapshots);
  MARQUEE_ASSIGN_OR_RETURN(const std::vector<uint64_t> versions,
                           ListVersions(snapshots));
  const std::string path = absl::StrCat(snapshots, "/", kBuilding, ::getpid());
  fs::remove_all(path, error);
  if (!fs::create_directory(path, error)) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": can not be created: ", error.message()));
  }
  std::unique_ptr<SnapshotWriter> writer(new SnapshotWriter(snapshots, path));
  std::random_device random;
  writer->manifest_.set_identity(uint64_t{random()} << 32 | random());
  writer->manifest_.set_format(kSnapshotFormat);
  writer->manifest_.set_version(versions.empty() ? 1 : versions.front() + 1);
  return writer;
}

SnapshotWriter::~SnapshotWriter() {
  std::error_code error;
  if (!published_) fs::remove_all(path_, error);
}

absl::StatusOr<std::unique_ptr<ArrayFileWriter>> SnapshotWriter::BeginSection(
    absl::string_view name) const {
  return ArrayFileWriter::Create(absl::StrCat(path_, "/", name),
                                 SectionIdentity(manifest_, name));
}

absl::Status SnapshotWriter::EndSection(absl::string_view name,
                                        ArrayFileWriter& section) {
  MARQUEE_ASSIGN_OR_RETURN(const std::string digest, section.Finish());
  config::Manifest::Section& listed = *manifest_.add_sections();
  listed.set_name(std::string(name));
  listed.set_digest(digest);
  listed.set_bytes(fs::file_size(absl::StrCat(path_, "/", name)));
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<const ArrayFile>> SnapshotWriter::OpenSection(
    absl::string_view name) const {
  return ArrayFile::Open(absl::StrCat(path_, "/", name),
                         SectionIdentity(manifest_, name));
}

absl::Status SnapshotWriter::WriteManifest() const {
  return ::marquee::WriteManifest(manifest_, path_);
}

absl::StatusOr<uint64_t> SnapshotWriter::Publish() {
  MARQUEE_RETURN_IF_ERROR(SyncDirectory(path_));
  const std::string target = VersionPath(snapshots_, manifest_.version());
  // Fails when the target exists, even when it is an empty directory.
  if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target.c_str(),
                  RENAME_NOREPLACE) != 0) {
    if (errno == EEXIST) {
      return absl::AbortedError(absl::StrCat(
          target, ": was published by another build meanwhile; build again"));
    }
    return absl::ErrnoToStatus(errno,
                               absl::StrCat(target, ": can not be published"));
  }
  published_ = true;
  MARQUEE_RETURN_IF_ERROR(SyncDirectory(snapshots_));
  return manifest_.version();
}

}  // namespace marquee
