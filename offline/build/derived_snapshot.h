// A new version from an existing one: an editor's change in seconds.
#ifndef MARQUEE_OFFLINE_BUILD_DERIVED_SNAPSHOT_H_
#define MARQUEE_OFFLINE_BUILD_DERIVED_SNAPSHOT_H_

#include "absl/status/statusor.h"
#include "offline/build/snapshot_builder.h"

namespace marquee {

// Writes options.from again with options.policy and options.ranker, where they
// are not empty; every other section is that version's own file, by a hard link
// where one can be. Checked, proved and published as any other build, with an
// identity and a number of its own. Errors: those of BuildSnapshot.
absl::StatusOr<BuildSummary> DeriveSnapshot(const BuildOptions& options);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_BUILD_DERIVED_SNAPSHOT_H_
