// Small files as strings. Reads them whole, and writes them so that no reader
// ever sees half of one.
#ifndef MARQUEE_CORE_FILES_ATOMIC_FILE_H_
#define MARQUEE_CORE_FILES_ATOMIC_FILE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace marquee {

// Errors: NotFound; ResourceExhausted if the file is larger than `max_bytes`.
absl::StatusOr<std::string> ReadFile(const std::string& path,
                                     uint64_t max_bytes = uint64_t{1} << 32);

enum class Readers {
  kAsUmask,    // those that the umask of the process allows
  kEverybody,  // also those that the umask excludes
};

// Writes `path` + ".tmp", syncs it, renames it to `path` and syncs the
// directory. After an error there is no temporary file.
absl::Status WriteFileAtomically(const std::string& path,
                                 absl::string_view contents,
                                 Readers readers = Readers::kAsUmask);

// Makes renames and new names in the directory durable.
absl::Status SyncDirectory(const std::string& directory);

}  // namespace marquee

#endif  // MARQUEE_CORE_FILES_ATOMIC_FILE_H_
