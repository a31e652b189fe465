#include "core/base/mapped_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace marquee {

absl::StatusOr<std::unique_ptr<const MappedFile>> MappedFile::Open(
    const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return absl::ErrnoToStatus(errno,
                               absl::StrCat(path, ": can not be opened"));
  }
  absl::Cleanup close = [descriptor] { ::close(descriptor); };
  return FromDescriptor(descriptor, path);
}

absl::StatusOr<std::unique_ptr<const MappedFile>> MappedFile::FromDescriptor(
    int descriptor, const std::string& name) {
  struct stat info;
  if (::fstat(descriptor, &info) != 0) {
    return absl::ErrnoToStatus(errno,
                               absl::StrCat(name, ": can not be examined"));
  }
  if (!S_ISREG(info.st_mode)) {
    return absl::FailedPreconditionError(
        absl::StrCat(name, ": is not a regular file"));
  }
  const size_t size = static_cast<size_t>(info.st_size);
  if (size == 0) return std::unique_ptr<const MappedFile>(new MappedFile({}));
  void* const address =
      ::mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor, 0);
  if (address == MAP_FAILED) {
    return absl::ErrnoToStatus(errno,
                               absl::StrCat(name, ": can not be mapped"));
  }
  return std::unique_ptr<const MappedFile>(
      new MappedFile({static_cast<const std::byte*>(address), size}));
}

MappedFile::~MappedFile() {
  if (!bytes_.empty())
    ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

}  // namespace marquee
