// The commands `marquee versions block` and `unblock`.
#ifndef MARQUEE_OFFLINE_CLI_VERSIONS_BLOCK_H_
#define MARQUEE_OFFLINE_CLI_VERSIONS_BLOCK_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace marquee {

struct VersionsCall {
  std::string snapshots;
  std::string version;  // a number or an identity
  std::string by, why;
  uint64_t keep = 0;
  std::vector<uint64_t> spared;  // stay, independent of `keep`
  bool dry_run = false;
  bool json = false;
};

// Both print their result.
absl::Status BlockVersion(const VersionsCall& call);
absl::Status UnblockVersion(const VersionsCall& call);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_CLI_VERSIONS_BLOCK_H_
