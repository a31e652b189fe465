// The end of every build: loads what was written as a server will load it,
// checks what it shows, and publishes it.
#ifndef MARQUEE_OFFLINE_BUILD_SNAPSHOT_SEAL_H_
#define MARQUEE_OFFLINE_BUILD_SNAPSHOT_SEAL_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/snapshot/snapshot_writer.h"
#include "offline/build/snapshot_builder.h"

namespace marquee {

// Writes the section `policy` with the text of the file; an empty path means no
// rules. Errors: those of ReadFile.
absl::Status WritePolicySection(const std::string& path, SnapshotWriter& out);

// Replaces paths of the new version in an error by the caller's paths: the
// section of the policy or of the ranker by the caller's file, and, in a
// version made from another, all other sections by those of the other version.
// Returns FailedPrecondition: the call was right, a file was not.
absl::Status NameTheSources(const absl::Status& status,
                            const BuildOptions& options,
                            const SnapshotWriter& out);

// Checks the new version, stores its golden requests, and adds to the summary
// what is known now, warnings included. Requires: all sections and all of the
// manifest except the golden requests are written. Errors: those of
// Snapshot::Load; FailedPrecondition if some users can be shown nothing, unless
// the options allow it.
absl::Status SealSnapshot(const BuildOptions& options, SnapshotWriter& out,
                          BuildSummary& summary);

// Publishes the version and returns the summary with its number.
absl::StatusOr<BuildSummary> PublishSnapshot(const BuildOptions& options,
                                             SnapshotWriter& out,
                                             BuildSummary summary);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_BUILD_SNAPSHOT_SEAL_H_
