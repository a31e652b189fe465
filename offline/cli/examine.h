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
  // Nobody can be shown anything now; the warnings begin with why. A server
  // does not take it of itself.
  bool shows_nothing = false;
};

enum class EmptyShelves { kAllow, kRefuse };

// Loads one version as a server would, and asks it the golden requests and what
// it can show. Errors: the first fault, with its file; FailedPrecondition when
// it can show somebody nothing (kRefuse).
absl::StatusOr<Finding> Examine(const std::string& version, EmptyShelves empty);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_CLI_EXAMINE_H_
