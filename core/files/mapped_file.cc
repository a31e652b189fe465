#include "core/files/mapped_file.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/files/mapped_ranges.h"

namespace marquee {

absl::StatusOr<std::unique_ptr<const MappedFile>> MappedFile::Open(
    const std::string& path) {
  MARQUEE_ASSIGN_OR_RETURN(const int descriptor, OpenDescriptor(path));
  absl::Cleanup close = [descriptor] { ::close(descriptor); };
  return FromDescriptor(descriptor, path);
}

absl::StatusOr<std::unique_ptr<const MappedFile>> MappedFile::FromDescriptor(
    int descriptor, const std::string& name) {
  MARQUEE_ASSIGN_OR_RETURN(const size_t size, SizeOf(descriptor, name));
  if (size == 0) return std::unique_ptr<const MappedFile>(new MappedFile({}));
  void* const address =
      ::mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor, 0);
  if (address == MAP_FAILED) {
    return absl::ErrnoToStatus(errno,
                               absl::StrCat(name, ": can not be mapped"));
  }
  const std::span<const std::byte> bytes(static_cast<const std::byte*>(address),
                                         size);
  NoteMapping(bytes, name);
  return std::unique_ptr<const MappedFile>(new MappedFile(bytes));
}

MappedFile::~MappedFile() {
  if (bytes().empty()) return;
  // First: once it is unmapped, the address may belong to another file.
  ForgetMapping(bytes());
  ::munmap(const_cast<std::byte*>(bytes().data()), bytes().size());
}

}  // namespace marquee
