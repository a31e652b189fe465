// Makes a new version from an existing one: an editor's change in seconds.
#ifndef MARQUEE_OFFLINE_BUILD_DERIVED_SNAPSHOT_H_
#define MARQUEE_OFFLINE_BUILD_DERIVED_SNAPSHOT_H_

#include "absl/status/statusor.h"
#include "offline/build/snapshot_builder.h"

namespace marquee {

// Writes the version options.from again with options.policy and options.ranker,
// where these are not empty. Every other section is the old version's own file,
// a hard link where possible. The new version is checked and published as any
// other build, with its own identity and number. Errors: those of
// BuildSnapshot.
absl::StatusOr<BuildSummary> DeriveSnapshot(const BuildOptions& options);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_BUILD_DERIVED_SNAPSHOT_H_
