// Whether a server would take a version.
#ifndef MARQUEE_OFFLINE_CLI_EXAMINE_H_
#define MARQUEE_OFFLINE_CLI_EXAMINE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace marquee {

struct Finding {
  std::string digest;
  uint64_t version = 0;
  uint64_t bytes = 0;
  int golden_requests = 0;
  // What is sound and yet hardly meant: kinds of viewers who can be shown
  // little.
  std::vector<std::string> warnings;
};

enum class EmptyShelves { kAllow, kRefuse, kRefuseIfAll };

// Loads one version as a server would, and asks it the golden requests and what
// it can show. Errors: the first fault, with its file; FailedPrecondition when
// it can show somebody (kRefuse) or everybody now (kRefuseIfAll, as a server)
// nothing.
absl::StatusOr<Finding> Examine(const std::string& version, EmptyShelves empty);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_CLI_EXAMINE_H_
