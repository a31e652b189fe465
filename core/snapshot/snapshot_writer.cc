#include "core/snapshot/snapshot_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <random>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/files/atomic_file.h"
#include "core/snapshot/manifest.h"
#include "core/snapshot/snapshot_directory.h"
#include "core/snapshot/version_ledger.h"
#include "marquee/config/manifest.pb.h"

namespace marquee {

namespace fs = std::filesystem;

namespace {

constexpr absl::string_view kBuilding = ".building-";
// Attempts to create a directory before another build takes it for an abandoned
// one.
constexpr int kAttempts = 100;

// Opens a directory and locks it for this process. Returns -1 if it is locked
// or does not exist, also if it was removed between the two.
int OpenLocked(const std::string& path) {
  const int directory =
      ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return -1;
  struct stat opened {
  }, there{};
  if (::flock(directory, LOCK_EX | LOCK_NB) == 0 &&
      ::fstat(directory, &opened) == 0 && ::stat(path.c_str(), &there) == 0 &&
      opened.st_ino == there.st_ino) {
    return directory;
  }
  ::close(directory);
  return -1;
}

// Removes the directories of builds that have ended: no process holds their
// lock.
void RemoveAbandoned(const std::string& snapshots) {
  std::error_code error;
  fs::directory_iterator entry(snapshots, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!absl::StartsWith(name, kBuilding)) continue;
    const int directory = OpenLocked(entry->path().string());
    if (directory < 0) continue;
    std::error_code ignored;
    fs::remove_all(entry->path(), ignored);
    ::close(directory);
  }
}

absl::Status CopyFile(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::copy_file(from, to, error);
  if (error) {
    return absl::FailedPreconditionError(
        absl::StrCat(from, ": can not be copied: ", error.message()));
  }
  const int descriptor = ::open(to.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  const int reason = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (synced) return absl::OkStatus();
  return absl::ErrnoToStatus(reason, absl::StrCat(to, ": can not be synced"));
}

// A file of two versions must not be written through either.
bool LinkReadOnly(const std::string& from, const std::string& to) {
  if (::link(from.c_str(), to.c_str()) != 0) return false;
  if (::chmod(to.c_str(), 0444) == 0) return true;
  ::unlink(to.c_str());
  return false;
}

// Not the directory: the owner of a version may remove it whole.
absl::Status MakeReadOnly(const std::string& directory) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    if (::chmod(entry.path().c_str(), 0444) != 0) {
      return absl::ErrnoToStatus(
          errno,
          absl::StrCat(entry.path().string(), ": can not be made read-only"));
    }
  }
  if (!error) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(directory, ": can not be listed: ", error.message()));
}

}  // namespace

absl::StatusOr<std::unique_ptr<SnapshotWriter>> SnapshotWriter::Create(
    const std::string& snapshots) {
  MARQUEE_ASSIGN_OR_RETURN(auto made, OutputDirectory::Create(snapshots));
  // The server may run as another user, whatever the umask.
  MARQUEE_RETURN_IF_ERROR(made->OpenForReaders());
  RemoveAbandoned(snapshots);
  // Fails before the work is done, not after it.
  MARQUEE_RETURN_IF_ERROR(VersionLedger::Read(snapshots).status());
  std::string path;
  int directory = -1;
  for (int left = kAttempts; directory < 0; --left) {
    if (left == 0) {
      return absl::UnavailableError(
          absl::StrCat(path, ": can not be locked: ", std::strerror(errno)));
    }
    path = absl::StrCat(snapshots, "/", kBuilding, "XXXXXX");
    if (::mkdtemp(path.data()) == nullptr) {
      return absl::ErrnoToStatus(errno,
                                 absl::StrCat(path, ": can not be created"));
    }
    directory = OpenLocked(path);
    if (directory < 0) ::rmdir(path.c_str());
  }
  // Only its owner may enter a directory of mkdtemp; the server may run as
  // another user.
  if (::fchmod(directory, 0755) != 0) {
    const absl::Status status = absl::ErrnoToStatus(
        errno, absl::StrCat(path, ": can not be made readable"));
    ::close(directory);
    return status;
  }
  std::unique_ptr<SnapshotWriter> writer(
      new SnapshotWriter(snapshots, path, directory, std::move(made)));
  std::random_device random;
  writer->manifest_->set_identity(uint64_t{random()} << 32 | random());
  writer->manifest_->set_format(kSnapshotFormat);
  return writer;
}

SnapshotWriter::SnapshotWriter(std::string snapshots, std::string path,
                               int directory,
                               std::unique_ptr<const OutputDirectory> made)
    : snapshots_(std::move(snapshots)),
      path_(std::move(path)),
      directory_(directory),
      made_(std::move(made)),
      manifest_(std::make_unique<config::Manifest>()) {}

SnapshotWriter::~SnapshotWriter() {
  std::error_code error;
  // While it is still locked, so that no other build removes it at the same
  // time.
  if (!published_ && !kept_) fs::remove_all(path_, error);
  ::close(directory_);
}

absl::StatusOr<std::unique_ptr<ArrayFileWriter>> SnapshotWriter::BeginSection(
    absl::string_view name) const {
  return ArrayFileWriter::Create(absl::StrCat(path_, "/", name),
                                 SectionIdentity(*manifest_, name));
}

absl::Status SnapshotWriter::EndSection(absl::string_view name,
                                        ArrayFileWriter& section) {
  MARQUEE_ASSIGN_OR_RETURN(const std::string digest, section.Finish());
  config::Manifest::Section& listed = *manifest_->add_sections();
  listed.set_name(std::string(name));
  listed.set_digest(digest);
  std::error_code error;
  listed.set_bytes(fs::file_size(absl::StrCat(path_, "/", name), error));
  if (error) {
    return absl::FailedPreconditionError(
        absl::StrCat(path_, "/", name, ": ", error.message()));
  }
  return absl::OkStatus();
}

absl::Status SnapshotWriter::TakeSection(absl::string_view name,
                                         const std::string& from,
                                         const config::Manifest& manifest) {
  const auto& sections = manifest.sections();
  const auto section = std::find_if(
      sections.begin(), sections.end(),
      [name](const auto& listed) { return listed.name() == name; });
  if (section == sections.end()) {
    return absl::DataLossError(absl::StrCat(
        from, "/", kManifestName, ": does not list section '", name, "'"));
  }
  const std::string source = absl::StrCat(from, "/", name);
  const std::string target = absl::StrCat(path_, "/", name);
  if (!LinkReadOnly(source, target)) {
    MARQUEE_RETURN_IF_ERROR(CopyFile(source, target));
  }
  config::Manifest::Section& taken = *manifest_->add_sections();
  taken = *section;
  if (taken.identity() == 0) taken.set_identity(manifest.identity());
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<const ArrayFile>> SnapshotWriter::OpenSection(
    absl::string_view name) const {
  return ArrayFile::Open(absl::StrCat(path_, "/", name),
                         SectionIdentity(*manifest_, name));
}

absl::Status SnapshotWriter::WriteManifest() const {
  return ::marquee::WriteManifest(*manifest_, path_);
}

absl::StatusOr<uint64_t> SnapshotWriter::Publish() {
  const absl::StatusOr<uint64_t> version = TryPublish();
  // After the rename only the sync of the directory can have failed, and there
  // is nothing left to keep.
  if (version.ok() || published_) return version;
  return Keep(version.status());
}

absl::Status SnapshotWriter::Keep(const absl::Status& failed) {
  // As it would have been published, as far as possible.
  (void)Finish();
  const std::string target = absl::StrCat(snapshots_, "/", kUnpublished,
                                          IdentityText(manifest_->identity()));
  kept_ = ::rename(path_.c_str(), target.c_str()) == 0;
  if (!kept_) return failed;
  return {failed.code(),
          absl::StrCat(
              failed.message(), "; what was built stays in ", target,
              ": `marquee build --from ", target,
              "` publishes it when that is mended; then it may be removed")};
}

absl::Status SnapshotWriter::Finish() const {
  MARQUEE_RETURN_IF_ERROR(WriteManifest());
  MARQUEE_RETURN_IF_ERROR(MakeReadOnly(path_));
  return SyncDirectory(path_);
}

absl::StatusOr<uint64_t> SnapshotWriter::TryPublish() {
  while (!published_) {
    MARQUEE_ASSIGN_OR_RETURN(const uint64_t version,
                             TakeVersionNumber(snapshots_));
    manifest_->set_version(version);
    // All of it is on the disk before it has its name.
    MARQUEE_RETURN_IF_ERROR(Finish());
    const std::string target = VersionPath(snapshots_, version);
    // Fails when the target exists, even when it is an empty directory.
    published_ = ::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target.c_str(),
                             RENAME_NOREPLACE) == 0;
    // A version was copied there meanwhile.
    if (published_ || errno == EEXIST) continue;
    return absl::ErrnoToStatus(errno,
                               absl::StrCat(target, ": can not be published"));
  }
  MARQUEE_RETURN_IF_ERROR(SyncDirectory(snapshots_));
  return manifest_->version();
}

}  // namespace marquee
