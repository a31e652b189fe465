// A directory for what is needed while a command runs.
#ifndef MARQUEE_CORE_FILES_SCRATCH_DIRECTORY_H_
#define MARQUEE_CORE_FILES_SCRATCH_DIRECTORY_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"

namespace marquee {

// Under $TMPDIR, by a name that nobody can guess, for its owner alone: in a
// directory that all may write to, a name that is known beforehand may be
// somebody else's link. Removed with all that is in it at destruction.
// Externally synchronised.
class ScratchDirectory {
 public:
  // Errors: what the system said, with the path.
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
