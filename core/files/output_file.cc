#include "core/files/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace marquee {
namespace {

constexpr size_t kBufferBytes = size_t{1} << 20;

absl::Status Failed(const std::string& path, absl::string_view what) {
  return absl::ErrnoToStatus(errno, absl::StrCat(path, ": ", what));
}

}  // namespace

absl::StatusOr<std::unique_ptr<OutputFile>> OutputFile::Create(
    const std::string& path, Readers readers) {
  const std::string temporary = absl::StrCat(path, ".tmp");
  const int descriptor =
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor < 0) return Failed(temporary, "can not be created");
  std::unique_ptr<OutputFile> file(new OutputFile(path, descriptor));
  if (readers == Readers::kEverybody && ::fchmod(descriptor, 0644) != 0) {
    return Failed(temporary, "can not be made readable");
  }
  return file;
}

OutputFile::OutputFile(std::string path, int descriptor)
    : path_(std::move(path)),
      temporary_(absl::StrCat(path_, ".tmp")),
      descriptor_(descriptor) {
  buffer_.reserve(kBufferBytes);
}

OutputFile::~OutputFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!published_) ::unlink(temporary_.c_str());
}

void OutputFile::Append(absl::string_view text) {
  buffer_.append(text.data(), text.size());
  if (buffer_.size() >= kBufferBytes) Flush();
}

void OutputFile::Flush() {
  absl::string_view rest = buffer_;
  while (!rest.empty() && status_.ok()) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      status_ = Failed(temporary_, "can not be written");
    } else {
      rest.remove_prefix(static_cast<size_t>(written));
    }
  }
  flushed_ += buffer_.size();
  buffer_.clear();
}

void OutputFile::Overwrite(uint64_t offset, absl::string_view bytes) {
  Flush();
  while (!bytes.empty() && status_.ok()) {
    const ssize_t written = ::pwrite(descriptor_, bytes.data(), bytes.size(),
                                     static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      status_ = Failed(temporary_, "can not be written");
    } else {
      bytes.remove_prefix(static_cast<size_t>(written));
      offset += static_cast<uint64_t>(written);
    }
  }
}

absl::Status OutputFile::Sync() {
  Flush();
  MARQUEE_RETURN_IF_ERROR(status_);
  if (::fsync(descriptor_) != 0) return Failed(temporary_, "can not be synced");
  ::close(std::exchange(descriptor_, -1));
  return absl::OkStatus();
}

absl::Status OutputFile::Rename() {
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
    return Failed(path_, "can not be renamed to");
  }
  published_ = true;
  // A new name survives a crash only once its directory is synced.
  const std::string parent = std::filesystem::path(path_).parent_path();
  return SyncDirectory(parent.empty() ? "." : parent);
}

absl::Status PublishAll(std::initializer_list<OutputFile*> files) {
  for (OutputFile* file : files) MARQUEE_RETURN_IF_ERROR(file->Sync());
  for (OutputFile* file : files) MARQUEE_RETURN_IF_ERROR(file->Rename());
  return absl::OkStatus();
}

absl::Status SyncDirectory(const std::string& directory) {
  const int descriptor =
      ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return Failed(directory, "can not be opened");
  const bool synced = ::fsync(descriptor) == 0;
  // Before close, which may change errno.
  const absl::Status failed = Failed(directory, "can not be synced");
  ::close(descriptor);
  return synced ? absl::OkStatus() : failed;
}

absl::Status CheckCanCreate(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": is a directory, must be the name of a file"));
  }
  return OutputFile::Create(path).status();
}

absl::Status MakeDirectory(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (!error && std::filesystem::is_directory(path, error)) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      absl::StrCat(path, ": can not be made a directory: ",
                   error ? error.message() : "something else has this name"));
}

}  // namespace marquee
