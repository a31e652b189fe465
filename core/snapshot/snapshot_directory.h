// The directory that holds the versions: SNAPSHOTS/1, SNAPSHOTS/2, … A version
// is a directory whose name is a plain number. Everything else is not a
// version, for example one that is being written.
#ifndef MARQUEE_CORE_SNAPSHOT_SNAPSHOT_DIRECTORY_H_
#define MARQUEE_CORE_SNAPSHOT_SNAPSHOT_DIRECTORY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace marquee {

// Newest (largest) first. Errors: NotFound if the directory does not exist.
absl::StatusOr<std::vector<uint64_t>> ListVersions(
    const std::string& snapshots);

std::string VersionPath(const std::string& snapshots, uint64_t version);

// Returns the version directory for a path that a person gave: the path itself
// if it is a version directory, else the newest version in it that is not
// blocked. Errors: NotFound that says what was searched for; FailedPrecondition
// if all are blocked; those of VersionLedger::Read.
absl::StatusOr<std::string> ResolveVersion(const std::string& path);

// Removes a version whole. First its name goes, so that no reader sees a part
// of it, then its files. The files stay in the memory of servers that have them
// mapped. The next removal clears up after one that was killed. Errors:
// NotFound; the system's error.
absl::Status RemoveVersion(const std::string& snapshots, uint64_t version);

}  // namespace marquee

#endif  // MARQUEE_CORE_SNAPSHOT_SNAPSHOT_DIRECTORY_H_
