// Reads the versions of a directory as `marquee versions` shows them.
#ifndef MARQUEE_OFFLINE_CLI_VERSION_ENTRIES_H_
#define MARQUEE_OFFLINE_CLI_VERSION_ENTRIES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/snapshot/manifest.h"
#include "core/snapshot/version_ledger.h"
#include "marquee/config/manifest.pb.h"
#include "nlohmann/json.hpp"

namespace marquee {

struct VersionEntry {
  uint64_t version = 0;
  config::Manifest manifest;   // without an identity: can not be read
  std::string fault;           // empty: none was found
  bool shows_nothing = false;  // `fault` is that no user can be shown anything
  std::optional<BlockedVersion> block;
  bool current = false;

  std::string identity() const { return IdentityText(manifest.identity()); }
  uint64_t bytes() const;
  std::string created() const;
  // Returns "current", "damaged: …", "shows nothing: …", "is blocked …" or
  // nothing, in one line.
  std::string state() const;
};

// Newest first. The current version is found as a server finds it at its start:
// every byte of the newest versions that are not blocked is read until one is
// valid. Of older ones only the sizes of the files are checked.
absl::StatusOr<std::vector<VersionEntry>> ReadVersionEntries(
    const std::string& snapshots);

nlohmann::ordered_json AsJson(const VersionEntry& entry);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_CLI_VERSION_ENTRIES_H_
