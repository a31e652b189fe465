#include "core/files/file_copy.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace marquee {
namespace {

size_t PageBytes() { return static_cast<size_t>(::sysconf(_SC_PAGESIZE)); }

// Requires: `boundary` is a power of two.
uintptr_t RoundUp(uintptr_t value, size_t boundary) {
  return (value + boundary - 1) & ~uintptr_t{boundary - 1};
}

// Returns the size of the pages for the bytes and of one page behind them.
size_t HeldBytes(size_t bytes) {
  return RoundUp(bytes, PageBytes()) + PageBytes();
}

absl::Status NoMemory(const std::string& name, size_t bytes, int error) {
  return absl::ResourceExhaustedError(absl::StrCat(
      name, ": no memory for a copy of ", bytes,
      " bytes: ", std::strerror(error), "; mapped it needs none of its own"));
}

// Reserves address space on a boundary of huge pages, not accessible yet. The
// page behind it stays inaccessible: otherwise the kernel would join two
// adjacent copies to one mapping and report both as one.
absl::StatusOr<std::byte*> Reserve(const std::string& name, size_t bytes) {
  const size_t held = HeldBytes(bytes);
  const size_t reserved = held + FileCopy::kHugePageBytes;
  void* const address =
      ::mmap(nullptr, reserved, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (address == MAP_FAILED) return NoMemory(name, bytes, errno);
  auto* const begin = static_cast<std::byte*>(address);
  const size_t before =
      RoundUp(reinterpret_cast<uintptr_t>(begin), FileCopy::kHugePageBytes) -
      reinterpret_cast<uintptr_t>(begin);
  if (before > 0) ::munmap(begin, before);
  const size_t behind = reserved - before - held;
  if (behind > 0) ::munmap(begin + before + held, behind);
  return begin + before;
}

absl::Status ReadAll(int descriptor, const std::string& name,
                     std::span<std::byte> to) {
  size_t done = 0;
  while (done < to.size()) {
    const ssize_t got = ::pread(descriptor, to.data() + done, to.size() - done,
                                static_cast<off_t>(done));
    if (got < 0 && errno == EINTR) continue;
    // The target is ours and writable, so the error means that the system has
    // no page for it.
    if (got < 0 && (errno == EFAULT || errno == ENOMEM)) {
      return NoMemory(name, to.size(), errno);
    }
    if (got < 0) {
      return absl::ErrnoToStatus(errno,
                                 absl::StrCat(name, ": can not be read"));
    }
    if (got == 0) {
      return absl::DataLossError(
          absl::StrCat(name, ": ends at byte ", done, ", had ", to.size(),
                       " when it was opened: truncated meanwhile?"));
    }
    done += static_cast<size_t>(got);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<const FileCopy>> FileCopy::FromDescriptor(
    int descriptor, const std::string& name) {
  MARQUEE_ASSIGN_OR_RETURN(const size_t size, SizeOf(descriptor, name));
  if (size == 0) return std::unique_ptr<const FileCopy>(new FileCopy({}));
  MARQUEE_ASSIGN_OR_RETURN(std::byte* const begin, Reserve(name, size));
  // Owns the memory from here on, also after an error.
  std::unique_ptr<const FileCopy> copy(
      new FileCopy(std::span<const std::byte>(begin, size)));
  if (::mprotect(begin, size, PROT_READ | PROT_WRITE) != 0) {
    return NoMemory(name, size, errno);
  }
  // A kernel without huge pages refuses. Then the copy stays on small pages.
  // Before the first byte is written, because the kernel chooses the size of a
  // page when it is first touched.
  (void)::madvise(begin, size, MADV_HUGEPAGE);
  MARQUEE_RETURN_IF_ERROR(
      ReadAll(descriptor, name, std::span<std::byte>(begin, size)));
  if (::mprotect(begin, size, PROT_READ) != 0) {
    return absl::ErrnoToStatus(
        errno, absl::StrCat(name, ": the copy can not be made read-only"));
  }
  return copy;
}

FileCopy::~FileCopy() {
  if (!bytes().empty()) {
    ::munmap(const_cast<std::byte*>(bytes().data()), HeldBytes(bytes().size()));
  }
}

}  // namespace marquee
