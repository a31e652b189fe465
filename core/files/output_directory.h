// A directory for the output of long work, made at its beginning.
#ifndef MARQUEE_CORE_FILES_OUTPUT_DIRECTORY_H_
#define MARQUEE_CORE_FILES_OUTPUT_DIRECTORY_H_

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace marquee {

// Holds what it made: the directory and the parents that were missing. At
// destruction each of them that is empty is removed again, so that work that
// failed leaves nothing behind. Externally synchronised.
class OutputDirectory {
 public:
  // Errors: FailedPrecondition that names `path`; what was made until then is
  // removed.
  static absl::StatusOr<std::unique_ptr<const OutputDirectory>> Create(
      const std::string& path);

  // Opens what it made for reading by all, whatever the umask: for output that
  // other users take. Errors: FailedPrecondition and the like, with the path.
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
