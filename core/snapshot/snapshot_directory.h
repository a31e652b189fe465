// The directory that holds the versions: SNAPSHOTS/1, SNAPSHOTS/2, … A version
// is a directory with a plain number as its name; anything else, such as a
// version that is being written, is not one.
#ifndef MARQUEE_CORE_SNAPSHOT_SNAPSHOT_DIRECTORY_H_
#define MARQUEE_CORE_SNAPSHOT_SNAPSHOT_DIRECTORY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace marquee {

// Newest (largest) first. Errors: NotFound when the directory does not exist.
absl::StatusOr<std::vector<uint64_t>> ListVersions(
    const std::string& snapshots);

std::string VersionPath(const std::string& snapshots, uint64_t version);

// The version directory that a person means: the path itself when it is a
// version directory, else the newest version in it that is not blocked. Errors:
// NotFound, with what was looked for; FailedPrecondition: all are blocked;
// those of VersionLedger::Read.
absl::StatusOr<std::string> ResolveVersion(const std::string& path);

// Takes a version away whole: first its name, so that nobody sees half of it,
// then its files, which stay in the memory of servers that have them mapped.
// What is left of a removal that was killed is removed by the next. Errors:
// NotFound; what the system said.
absl::Status RemoveVersion(const std::string& snapshots, uint64_t version);

}  // namespace marquee

#endif  // MARQUEE_CORE_SNAPSHOT_SNAPSHOT_DIRECTORY_H_
