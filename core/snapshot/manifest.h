// Reads and writes the manifest of a snapshot: protobuf text. Its last line is
// a comment with the checksum of all lines before it.
//
//   MARQUEE_ASSIGN_OR_RETURN(const config::Manifest manifest,
//                            ReadManifest("snapshots/7"));
//   std::cout << manifest.items() << " items";
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

inline constexpr int kSnapshotFormat = 8;
inline constexpr char kManifestName[] = "manifest";

// Errors: NotFound if the directory has no manifest; DataLoss if it is damaged;
// FailedPrecondition for a format that this program does not read.
absl::StatusOr<config::Manifest> ReadManifest(
    const std::string& version_directory);

// Atomic: the directory has the old manifest or the new one, never a part of
// one.
absl::Status WriteManifest(const config::Manifest& manifest,
                           const std::string& version_directory);

// Lists the features of a ranker in the manifest.
void ListRankerFeatures(std::span<const FeatureSpec> features,
                        config::Manifest& manifest);
// Errors: DataLoss for another number of features; FailedPrecondition that
// names the first feature that the manifest lists in another way.
absl::Status CheckRankerFeatures(std::span<const FeatureSpec> features,
                                 const config::Manifest& manifest);

// Returns the seed of a section's checksums. It differs for each section of
// each snapshot that a section was written for.
uint64_t SectionIdentity(const config::Manifest& manifest,
                         absl::string_view section);

}  // namespace marquee

#endif  // MARQUEE_CORE_SNAPSHOT_MANIFEST_H_
