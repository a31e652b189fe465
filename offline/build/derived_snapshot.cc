#include "offline/build/derived_snapshot.h"

#include <span>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"
#include "core/snapshot/manifest.h"
#include "core/snapshot/snapshot.h"
#include "core/snapshot/snapshot_writer.h"
#include "core/snapshot/version_ledger.h"
#include "marquee/config/manifest.pb.h"
#include "offline/build/ranker_sections.h"
#include "offline/build/snapshot_seal.h"

namespace marquee {
namespace {

// Copies to the new manifest what the old one says of sections that are kept.
void TakeFacts(const config::Manifest& from, bool ranker_stays,
               config::Manifest& out) {
  out.set_items(from.items());
  out.set_items_with_vector(from.items_with_vector());
  out.set_users(from.users());
  out.set_users_with_vector(from.users_with_vector());
  out.set_dimension(from.dimension());
  out.set_feature_schema(from.feature_schema());
  out.set_vectors(from.vectors());
  if (from.has_vectors_seen()) {
    *out.mutable_vectors_seen() = from.vectors_seen();
  }
  if (from.has_history()) *out.mutable_history() = from.history();
  *out.mutable_engines() = from.engines();
  if (!ranker_stays) return;
  out.set_ranker_iterations(from.ranker_iterations());
  *out.mutable_ranker_features() = from.ranker_features();
  if (from.has_ranker_model()) {
    *out.mutable_ranker_model() = from.ranker_model();
  }
}

absl::Status WriteSections(const BuildOptions& options,
                           const config::Manifest& from,
                           const ChosenRanker& ranker, SnapshotWriter& out) {
  const bool new_ranker = !options.ranker.empty();
  for (const absl::string_view section : kSections) {
    // WriteRankerSections writes both ranker and item_ranks.
    if (new_ranker && section == "item_ranks") continue;
    if (new_ranker && section == "ranker") {
      const absl::Status written = WriteRankerSections(ranker, out);
      if (!written.ok()) return NameTheSources(written, options, out);
    } else if (section == "policy" && !options.policy.empty()) {
      MARQUEE_RETURN_IF_ERROR(WritePolicySection(options.policy, out));
    } else {
      MARQUEE_RETURN_IF_ERROR(out.TakeSection(section, options.from, from));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<BuildSummary> DeriveSnapshot(const BuildOptions& options) {
  MARQUEE_ASSIGN_OR_RETURN(const config::Manifest from,
                           ReadManifest(options.from));
  MARQUEE_ASSIGN_OR_RETURN(
      const ChosenRanker ranker,
      ReadRanker(options.ranker, options.ranker_iterations));
  if (!options.allow_other_vectors) {
    MARQUEE_RETURN_IF_ERROR(
        CheckVectors(ranker, options.ranker, from.vectors(), options.from));
  }
  MARQUEE_ASSIGN_OR_RETURN(const auto out,
                           SnapshotWriter::Create(options.snapshots));
  TakeFacts(from, options.ranker.empty(), out->manifest());
  MARQUEE_RETURN_IF_ERROR(WriteSections(options, from, ranker, *out));
  BuildSummary summary;
  summary.from_version = from.version();
  summary.vectors = from.vectors();
  summary.warnings = ranker.warnings;
  MARQUEE_ASSIGN_OR_RETURN(const VersionLedger ledger,
                           VersionLedger::Read(options.snapshots));
  if (const BlockedVersion* const block = ledger.Find(from.identity())) {
    summary.warnings.push_back(
        absl::StrCat(options.from, ": ", Describe(*block)));
  }
  MARQUEE_RETURN_IF_ERROR(SealSnapshot(options, *out, summary));
  return PublishSnapshot(options, *out, std::move(summary));
}

}  // namespace marquee
