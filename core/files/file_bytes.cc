#include "core/files/file_bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/files/file_copy.h"
#include "core/files/mapped_file.h"

namespace marquee {

absl::string_view PlacementName(Placement placement) {
  switch (placement) {
    case Placement::kMapped:
      return "mapped";
    case Placement::kHugePages:
      break;
  }
  return "huge_pages";
}

absl::StatusOr<FileId> FileId::Of(const std::string& path) {
  struct stat info;
  if (::stat(path.c_str(), &info) != 0) {
    return absl::ErrnoToStatus(errno,
                               absl::StrCat(path, ": can not be opened"));
  }
  return FileId{.device = info.st_dev,
                .inode = info.st_ino,
                .bytes = static_cast<uint64_t>(info.st_size),
                .written_s = info.st_mtim.tv_sec,
                .written_ns = info.st_mtim.tv_nsec};
}

absl::StatusOr<std::unique_ptr<const FileBytes>> FileBytes::Open(
    const std::string& path, Placement placement) {
  MARQUEE_ASSIGN_OR_RETURN(const int descriptor, OpenDescriptor(path));
  absl::Cleanup close = [descriptor] { ::close(descriptor); };
  return FromDescriptor(descriptor, path, placement);
}

absl::StatusOr<std::unique_ptr<const FileBytes>> FileBytes::FromDescriptor(
    int descriptor, const std::string& name, Placement placement) {
  if (placement == Placement::kHugePages) {
    return FileCopy::FromDescriptor(descriptor, name);
  }
  return MappedFile::FromDescriptor(descriptor, name);
}

absl::StatusOr<int> FileBytes::OpenDescriptor(const std::string& path) {
  // Without O_NONBLOCK, opening a pipe would wait for its writer. SizeOf
  // refuses the pipe.
  const int descriptor =
      ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    return absl::ErrnoToStatus(errno,
                               absl::StrCat(path, ": can not be opened"));
  }
  return descriptor;
}

absl::StatusOr<size_t> FileBytes::SizeOf(int descriptor,
                                         const std::string& name) {
  struct stat info;
  if (::fstat(descriptor, &info) != 0) {
    return absl::ErrnoToStatus(errno,
                               absl::StrCat(name, ": can not be examined"));
  }
  if (!S_ISREG(info.st_mode)) {
    return absl::FailedPreconditionError(
        absl::StrCat(name, ": is not a regular file"));
  }
  return static_cast<size_t>(info.st_size);
}

}  // namespace marquee
