// Reads and writes the manifest of a snapshot: protobuf text whose last line is
// a comment with the checksum of all lines before it.
#ifndef MARQUEE_CORE_SNAPSHOT_MANIFEST_H_
#define MARQUEE_CORE_SNAPSHOT_MANIFEST_H_

#include <cstdint>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/features/schema.h"

namespace marquee::config {
class Manifest;
}

namespace marquee {

inline constexpr int kSnapshotFormat = 6;
inline constexpr char kManifestName[] = "manifest";

// Errors: NotFound when the directory has none; DataLoss when it is damaged;
// FailedPrecondition for a format that this program does not read.
absl::StatusOr<config::Manifest> ReadManifest(
    const std::string& version_directory);

// Atomic: the directory has the old manifest or the new one, never half of one.
absl::Status WriteManifest(const config::Manifest& manifest,
                           const std::string& version_directory);

// Lists the features of a ranker.
void ListRankerFeatures(std::span<const FeatureSpec> features,
                        config::Manifest& manifest);
// Errors: DataLoss for another number of features; FailedPrecondition that
// names the first feature that is listed in another way.
absl::Status CheckRankerFeatures(std::span<const FeatureSpec> features,
                                 const config::Manifest& manifest);

// What seeds the checksums of a section: different for each section of each
// snapshot that it was written for.
uint64_t SectionIdentity(const config::Manifest& manifest,
                         absl::string_view section);

}  // namespace marquee

#endif  // MARQUEE_CORE_SNAPSHOT_MANIFEST_H_
