// The record of the versions in a directory: the highest number that
// was ever given, and the snapshots that no server loads by itself.
//
//   MARQUEE_ASSIGN_OR_RETURN(const VersionLedger ledger,
//                            VersionLedger::Read(snapshots));
//   if (const BlockedVersion* block = ledger.Find(manifest.identity())) …
//
// The file is SNAPSHOTS/versions (proto/marquee/config/versions.proto), beside
// the versions, so that new processes and other machines find it. It is
// replaced whole, under a lock on SNAPSHOTS/versions.lock.
#ifndef MARQUEE_CORE_SNAPSHOT_VERSION_LEDGER_H_
#define MARQUEE_CORE_SNAPSHOT_VERSION_LEDGER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace marquee {

inline constexpr char kLedgerName[] = "versions";
// The largest size of `by` and `why` of a block.
inline constexpr size_t kMaxBlockWordsBytes = 1024;

// The identity of a snapshot (Manifest.identity) as text: 16 hexadecimal
// digits.
std::string IdentityText(uint64_t identity);
// nullopt: the text is not 16 hexadecimal digits.
std::optional<uint64_t> ParseIdentity(absl::string_view text);

// RFC 3339 in UTC, as in the ledger.
std::string MomentText(absl::Time moment);

struct BlockedVersion {
  uint64_t version = 0;  // the number that it had when it was blocked
  uint64_t identity = 0;
  std::string by;
  absl::Time when;
  std::string why;

  bool operator==(const BlockedVersion&) const = default;
};

// Errors: InvalidArgument that begins with `field`, if the words of a block are
// too long or not UTF-8.
absl::Status CheckBlockWords(absl::string_view field, const std::string& words);

// "is blocked since 2026-11-29T12:00:00Z by ann: shows nothing to children"
std::string Describe(const BlockedVersion& block);

// The state of the ledger when it was read. Movable bag of values.
struct VersionLedger {
  uint64_t highest = 0;
  std::vector<BlockedVersion> blocked;  // in the order of blocking

  // If the directory has no ledger file, returns an empty ledger. Errors:
  // DataLoss that names file and line; those of ReadFile.
  static absl::StatusOr<VersionLedger> Read(const std::string& snapshots);

  // Returns the block of the snapshot; nullptr: is not blocked.
  const BlockedVersion* Find(uint64_t identity) const;
  // Adds a block. It replaces an earlier block of the same snapshot.
  void Block(BlockedVersion block);
  // Removes a block. Returns false if the snapshot was not blocked.
  bool Unblock(uint64_t identity);

  bool operator==(const VersionLedger&) const = default;
};

// How long an update waits for another one. An update takes milliseconds.
inline constexpr absl::Duration kLedgerPatience = absl::Seconds(5);

// Reads the ledger, calls `change` and writes the result, with no other update
// in between. Writes nothing if `change` returns an error, which is then
// returned, or if nothing has changed. Errors: those of Read;
// FailedPrecondition or PermissionDenied if the directory can not be written
// to; Unavailable if another process holds the lock for longer than `patience`;
// InvalidArgument for words that are too long or not UTF-8.
absl::Status UpdateLedger(
    const std::string& snapshots,
    const std::function<absl::Status(VersionLedger&)>& change,
    absl::Duration patience = kLedgerPatience);

// Takes the next number: above all numbers in the directory and the ledger,
// never given before and never again. Errors: those of UpdateLedger and
// ListVersions.
absl::StatusOr<uint64_t> TakeVersionNumber(const std::string& snapshots);

}  // namespace marquee

#endif  // MARQUEE_CORE_SNAPSHOT_VERSION_LEDGER_H_
