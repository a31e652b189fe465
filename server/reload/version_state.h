// The state of a version of the directory at one moment, as polling reads it.
#ifndef MARQUEE_SERVER_RELOAD_VERSION_STATE_H_
#define MARQUEE_SERVER_RELOAD_VERSION_STATE_H_

#include <cstdint>
#include <optional>
#include <string>

namespace marquee {

// A number and the identity of the snapshot that has it.
struct VersionName {
  uint64_t number = 0;
  uint64_t identity = 0;
};

struct VersionState {
  uint64_t number = 0;
  // False: it has no manifest, for example while it is copied or removed.
  bool has_manifest = false;
  // Of its manifest; nullopt: no readable manifest.
  std::optional<uint64_t> identity;
  // Changes if a file is added or removed, or has another size or time.
  uint64_t fingerprint = 0;
};

// Reads the manifest and the files' sizes and times; opens no section.
VersionState ReadVersionState(const std::string& snapshots, uint64_t number);

}  // namespace marquee

#endif  // MARQUEE_SERVER_RELOAD_VERSION_STATE_H_
