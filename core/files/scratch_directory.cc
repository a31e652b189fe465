#include "core/files/scratch_directory.h"

#include <errno.h>
#include <stdlib.h>

#include <filesystem>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace marquee {

absl::StatusOr<std::unique_ptr<const ScratchDirectory>>
ScratchDirectory::Create() {
  std::error_code error;
  const std::filesystem::path parent =
      std::filesystem::temp_directory_path(error);
  if (error) {
    return absl::FailedPreconditionError(absl::StrCat(
        "TMPDIR: ", parent.string(), " is not a directory: ", error.message()));
  }
  std::string path = (parent / "marquee-XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr) {
    return absl::ErrnoToStatus(errno,
                               absl::StrCat(path, ": can not be created"));
  }
  return std::unique_ptr<const ScratchDirectory>(
      new ScratchDirectory(std::move(path)));
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace marquee
