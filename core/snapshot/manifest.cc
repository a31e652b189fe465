#include "core/snapshot/manifest.h"

#include <google/protobuf/text_format.h>

#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/checksum.h"
#include "core/base/status_macros.h"
#include "core/files/atomic_file.h"
#include "core/textproto/message_text.h"
#include "marquee/config/manifest.pb.h"

namespace marquee {
namespace {

constexpr uint64_t kMaxManifestBytes = 16 << 20;

std::string ChecksumLine(absl::string_view text) {
  return absl::StrFormat("# checksum: %016x\n", Checksum64(text));
}

std::string PathOf(const std::string& version_directory) {
  return absl::StrCat(version_directory, "/", kManifestName);
}

config::Manifest::RankerFeature Describe(const FeatureSpec& spec) {
  const float otherwise = DefaultOf(spec.kind);
  config::Manifest::RankerFeature feature;
  feature.set_name(spec.name);
  feature.set_source(std::string(ScopeName(ScopeOf(spec.kind))));
  feature.set_default_(std::isnan(otherwise) ? "missing"
                                             : absl::StrCat(otherwise));
  return feature;
}

std::string InWords(const config::Manifest::RankerFeature& feature) {
  return absl::StrCat("'", feature.name(), "' of the ", feature.source(),
                      ", where unknown ", feature.default_());
}

}  // namespace

absl::StatusOr<config::Manifest> ReadManifest(
    const std::string& version_directory) {
  const std::string path = PathOf(version_directory);
  MARQUEE_ASSIGN_OR_RETURN(const std::string file,
                           ReadFile(path, kMaxManifestBytes));
  const size_t line_bytes = ChecksumLine("").size();
  if (file.size() < line_bytes)
    return absl::DataLossError(absl::StrCat(path, ": cut off"));
  const std::string text = file.substr(0, file.size() - line_bytes);
  if (file.substr(text.size()) != ChecksumLine(text)) {
    return absl::DataLossError(
        absl::StrCat(path, ": the checksum of its last line does not match"));
  }
  config::Manifest manifest;
  google::protobuf::TextFormat::ParseInfoTree places;
  // A later format may have fields that this program does not know. Its format
  // number then refuses it.
  const std::vector<MessageFault> faults =
      ParseMessage(text, manifest, places, {.skips_unknown_fields = true});
  if (!faults.empty()) {
    return absl::DataLossError(DescribeFault(path, faults.front()));
  }
  if (manifest.format() != kSnapshotFormat) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": format ", manifest.format(),
                     ", this program reads format ", kSnapshotFormat));
  }
  return manifest;
}

absl::Status WriteManifest(const config::Manifest& manifest,
                           const std::string& version_directory) {
  std::string text;
  google::protobuf::TextFormat::PrintToString(manifest, &text);
  return WriteFileAtomically(PathOf(version_directory),
                             absl::StrCat(text, ChecksumLine(text)));
}

void ListRankerFeatures(std::span<const FeatureSpec> features,
                        config::Manifest& manifest) {
  for (const FeatureSpec& feature : features) {
    *manifest.add_ranker_features() = Describe(feature);
  }
}

absl::Status CheckRankerFeatures(std::span<const FeatureSpec> features,
                                 const config::Manifest& manifest) {
  const auto listed = static_cast<size_t>(manifest.ranker_features_size());
  if (listed != features.size()) {
    return absl::DataLossError(
        absl::StrCat("lists ", listed, " features of the ranker, which has ",
                     features.size()));
  }
  for (size_t i = 0; i < features.size(); ++i) {
    const config::Manifest::RankerFeature computed = Describe(features[i]);
    const config::Manifest::RankerFeature& stored =
        manifest.ranker_features(static_cast<int>(i));
    if (InWords(stored) == InWords(computed)) continue;
    return absl::FailedPreconditionError(
        absl::StrCat("ranker feature ", i, ": is ", InWords(stored),
                     ", this program computes ", InWords(computed),
                     ": build the snapshot again"));
  }
  return absl::OkStatus();
}

uint64_t SectionIdentity(const config::Manifest& manifest,
                         absl::string_view section) {
  uint64_t identity = manifest.identity();
  for (const config::Manifest::Section& listed : manifest.sections()) {
    if (listed.name() == section && listed.identity() != 0) {
      identity = listed.identity();
    }
  }
  return Checksum64(section, identity);
}

}  // namespace marquee
