// A version of the directory as it is at one moment, as far as polling looks at
// it.
#ifndef MARQUEE_SERVER_RELOAD_VERSION_STATE_H_
#define MARQUEE_SERVER_RELOAD_VERSION_STATE_H_

#include <cstdint>
#include <optional>
#include <string>

namespace marquee {

// A number and the snapshot that has it.
struct VersionName {
  uint64_t number = 0;
  uint64_t identity = 0;
};

struct VersionState {
  uint64_t number = 0;
  // False: it has no manifest, as when it is being copied or removed.
  bool has_manifest = false;
  // Of its manifest; nullopt: there is none that can be read.
  std::optional<uint64_t> identity;
  // Another one when a file came, went or has another size or time.
  uint64_t fingerprint = 0;
};

// Reads the manifest and asks the system for the files; opens no section.
VersionState ReadVersionState(const std::string& snapshots, uint64_t number);

}  // namespace marquee

#endif  // MARQUEE_SERVER_RELOAD_VERSION_STATE_H_
