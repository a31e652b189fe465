#include "offline/cli/version_entries.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "core/base/status_macros.h"
#include "core/snapshot/snapshot_directory.h"
#include "offline/cli/examine.h"

namespace marquee {
namespace {

// The fault that the names and sizes show; empty: none.
std::string FaultOfFiles(const config::Manifest& manifest,
                         const std::string& version) {
  for (const auto& section : manifest.sections()) {
    const std::string path = absl::StrCat(version, "/", section.name());
    std::error_code error;
    const uint64_t bytes = std::filesystem::file_size(path, error);
    if (error) return absl::StrCat(path, ": ", error.message());
    if (bytes != section.bytes()) {
      return absl::StrCat(path, ": has ", bytes, " bytes, must have ",
                          section.bytes());
    }
  }
  return "";
}

}  // namespace

uint64_t VersionEntry::bytes() const {
  uint64_t bytes = 0;
  for (const auto& section : manifest.sections()) bytes += section.bytes();
  return bytes;
}

std::string VersionEntry::created() const {
  return MomentText(absl::FromUnixSeconds(manifest.created_unix_seconds()));
}

std::string VersionEntry::state() const {
  if (!fault.empty()) {
    return absl::StrCat(shows_nothing ? "shows nothing: " : "damaged: ", fault);
  }
  if (block) return Describe(*block);
  return current ? "current" : "";
}

absl::StatusOr<std::vector<VersionEntry>> ReadVersionEntries(
    const std::string& snapshots) {
  MARQUEE_ASSIGN_OR_RETURN(const std::vector<uint64_t> versions,
                           ListVersions(snapshots));
  MARQUEE_ASSIGN_OR_RETURN(const VersionLedger ledger,
                           VersionLedger::Read(snapshots));
  std::vector<VersionEntry> entries;
  bool found = false;
  for (const uint64_t version : versions) {
    VersionEntry entry{.version = version};
    const std::string path = VersionPath(snapshots, version);
    auto manifest = ReadManifest(path);
    if (manifest.ok()) {
      entry.manifest = *std::move(manifest);
      const auto* const block = ledger.Find(entry.manifest.identity());
      if (block != nullptr) entry.block = *block;
    } else {
      entry.fault = std::string(manifest.status().message());
    }
    if (entry.fault.empty()) entry.fault = FaultOfFiles(entry.manifest, path);
    // A server takes the newest version that passes this examination, which
    // reads all of it. So the search ends at the first, and older versions are
    // only checked by their files' sizes.
    if (!found && entry.fault.empty() && !entry.block) {
      const auto finding = Examine(path, EmptyShelves::kAllow);
      if (!finding.ok()) {
        entry.fault = std::string(finding.status().message());
      } else if (finding->shows_nothing) {
        entry.shows_nothing = true;
        entry.fault = absl::StrJoin(finding->warnings, "; ");
      }
      found = entry.current = entry.fault.empty();
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

nlohmann::ordered_json AsJson(const VersionEntry& entry) {
  nlohmann::ordered_json json = {{"version", entry.version},
                                 {"current", entry.current}};
  if (!entry.fault.empty()) json["fault"] = entry.fault;
  if (entry.manifest.identity() == 0) return json;
  json["identity"] = entry.identity();
  json["created"] = entry.created();
  json["bytes"] = entry.bytes();
  if (entry.block) {
    json["blocked"] = {{"by", entry.block->by},
                       {"when", MomentText(entry.block->when)},
                       {"why", entry.block->why}};
  }
  return json;
}

}  // namespace marquee
