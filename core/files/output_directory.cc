#include "core/files/output_directory.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace marquee {
namespace fs = std::filesystem;

absl::StatusOr<std::unique_ptr<const OutputDirectory>> OutputDirectory::Create(
    const std::string& path) {
  std::unique_ptr<OutputDirectory> directory(new OutputDirectory());
  MARQUEE_RETURN_IF_ERROR(directory->Make(path));
  return directory;
}

absl::Status OutputDirectory::Make(const std::string& path) {
  std::error_code error;
  std::vector<fs::path> missing;
  for (fs::path at = path; !at.empty() && !fs::exists(at, error);
       at = at.parent_path()) {
    missing.push_back(at);
  }
  error.clear();
  for (; !missing.empty() && !error; missing.pop_back()) {
    // False if another process created it meanwhile: then it is not ours.
    if (fs::create_directory(missing.back(), error)) {
      made_.push_back(missing.back());
    }
  }
  if (!error && fs::is_directory(path, error)) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(path, ": can not be made a directory: ",
                   error ? error.message() : "something else has this name"));
}

absl::Status OutputDirectory::OpenForReaders() const {
  for (const fs::path& made : made_) {
    // Keep the write permissions that the umask allowed.
    struct stat info {};
    if (::stat(made.c_str(), &info) != 0 ||
        ::chmod(made.c_str(), (info.st_mode & 07777) | 0555) != 0) {
      return absl::ErrnoToStatus(
          errno, absl::StrCat(made.string(), ": can not be made readable"));
    }
  }
  return absl::OkStatus();
}

// rmdir fails if the directory is not empty, and then for each of its parents.
OutputDirectory::~OutputDirectory() {
  for (; !made_.empty(); made_.pop_back()) ::rmdir(made_.back().c_str());
}

}  // namespace marquee
