// The end of every build: what was written is loaded as a server will load it,
// asked what it shows, and published.
#ifndef MARQUEE_OFFLINE_BUILD_SNAPSHOT_SEAL_H_
#define MARQUEE_OFFLINE_BUILD_SNAPSHOT_SEAL_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/snapshot/snapshot_writer.h"
#include "offline/build/snapshot_builder.h"

namespace marquee {

// The section `policy` with the text of the file; an empty path is no rules.
// Errors: those of ReadFile.
absl::Status WritePolicySection(const std::string& path, SnapshotWriter& out);

// A fault of the policy or the model is named by the caller's file, not by the
// section, and one of all else in a version from another by that other one.
// FailedPrecondition: the call was right, a file was not.
absl::Status NameTheSources(const absl::Status& status,
                            const BuildOptions& options,
                            const SnapshotWriter& out);

// Requires: all sections are written, and of the manifest all but the golden
// requests. Stores those, and adds to the summary what is known now, warnings
// included. Errors: those of Snapshot::Load; FailedPrecondition when somebody
// can be shown nothing, unless the options allow it.
absl::Status SealSnapshot(const BuildOptions& options, SnapshotWriter& out,
                          BuildSummary& summary);

// Publishes and returns the summary with the version.
absl::StatusOr<BuildSummary> PublishSnapshot(const BuildOptions& options,
                                             SnapshotWriter& out,
                                             BuildSummary summary);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_BUILD_SNAPSHOT_SEAL_H_
