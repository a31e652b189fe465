// A directory for the output of long work, created when the work begins.
#ifndef MARQUEE_CORE_FILES_OUTPUT_DIRECTORY_H_
#define MARQUEE_CORE_FILES_OUTPUT_DIRECTORY_H_

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace marquee {

// Owns what it created: the directory and the parents that were missing. The
// destructor removes those that are empty, so that failed work leaves nothing
// behind. Externally synchronised.
class OutputDirectory {
 public:
  // Errors: FailedPrecondition that names `path`; directories created until
  // then are removed.
  static absl::StatusOr<std::unique_ptr<const OutputDirectory>> Create(
      const std::string& path);

  // Makes the created directories readable by all, whatever the umask: for
  // output that other users take. Errors: FailedPrecondition and the like, with
  // the path.
  absl::Status OpenForReaders() const;

  OutputDirectory(const OutputDirectory&) = delete;
  OutputDirectory& operator=(const OutputDirectory&) = delete;
  ~OutputDirectory();

 private:
  OutputDirectory() = default;
  absl::Status Make(const std::string& path);

  std::vector<std::filesystem::path> made_;  // parents before children
};

}  // namespace marquee

#endif  // MARQUEE_CORE_FILES_OUTPUT_DIRECTORY_H_
