#include "core/files/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace marquee {
namespace {

absl::Status Failed(const std::string& path, absl::string_view what) {
  return absl::ErrnoToStatus(errno, absl::StrCat(path, ": ", what));
}

absl::Status WriteAndSync(const std::string& path, absl::string_view contents,
                          Readers readers) {
  const int descriptor =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor < 0) return Failed(path, "can not be created");
  absl::Cleanup close = [descriptor] { ::close(descriptor); };
  if (readers == Readers::kEverybody && ::fchmod(descriptor, 0644) != 0) {
    return Failed(path, "can not be made readable");
  }
  while (!contents.empty()) {
    const ssize_t written =
        ::write(descriptor, contents.data(), contents.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failed(path, "can not be written");
    contents.remove_prefix(static_cast<size_t>(written));
  }
  if (::fsync(descriptor) != 0) return Failed(path, "can not be synced");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& path,
                                     uint64_t max_bytes) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return Failed(path, "can not be opened");
  absl::Cleanup close = [descriptor] { ::close(descriptor); };
  struct stat info;
  if (::fstat(descriptor, &info) != 0)
    return Failed(path, "can not be examined");
  if (S_ISDIR(info.st_mode)) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": is a directory, not a file"));
  }
  std::string contents;
  contents.reserve(
      std::min<uint64_t>(static_cast<uint64_t>(info.st_size), max_bytes));
  char chunk[1 << 16];
  while (true) {
    const ssize_t got = ::read(descriptor, chunk, sizeof(chunk));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failed(path, "can not be read");
    if (got == 0) return contents;
    if (contents.size() + static_cast<size_t>(got) > max_bytes) {
      return absl::ResourceExhaustedError(absl::StrCat(
          path, ": is larger than the limit of ", max_bytes, " bytes"));
    }
    contents.append(chunk, static_cast<size_t>(got));
  }
}

absl::Status WriteFileAtomically(const std::string& path,
                                 absl::string_view contents, Readers readers) {
  const std::string temporary = absl::StrCat(path, ".tmp");
  absl::Cleanup remove = [&] { ::unlink(temporary.c_str()); };
  MARQUEE_RETURN_IF_ERROR(WriteAndSync(temporary, contents, readers));
  if (::rename(temporary.c_str(), path.c_str()) != 0)
    return Failed(path, "can not be renamed to");
  std::move(remove).Cancel();
  const std::string directory =
      std::filesystem::path(path).parent_path().string();
  return SyncDirectory(directory.empty() ? "." : directory);
}

absl::Status SyncDirectory(const std::string& directory) {
  const int descriptor =
      ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return Failed(directory, "can not be opened");
  absl::Cleanup close = [descriptor] { ::close(descriptor); };
  if (::fsync(descriptor) != 0) return Failed(directory, "can not be synced");
  return absl::OkStatus();
}

}  // namespace marquee
