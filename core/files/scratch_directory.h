// A directory for files that are needed only while a command runs.
#ifndef MARQUEE_CORE_FILES_SCRATCH_DIRECTORY_H_
#define MARQUEE_CORE_FILES_SCRATCH_DIRECTORY_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"

namespace marquee {

// Lies under $TMPDIR, with a name that nobody can guess, for its owner alone.
// In a directory that all may write to, a predictable name could be somebody
// else's link. The destructor removes it with all its contents. Externally
// synchronised.
class ScratchDirectory {
 public:
  // Errors: the system's error, with the path.
  static absl::StatusOr<std::unique_ptr<const ScratchDirectory>> Create();

  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  ~ScratchDirectory();

  const std::string& path() const { return path_; }

 private:
  explicit ScratchDirectory(std::string path) : path_(std::move(path)) {}

  const std::string path_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_FILES_SCRATCH_DIRECTORY_H_
