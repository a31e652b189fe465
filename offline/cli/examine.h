// Checks whether a server would load a version.
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
  // Valid but probably not meant: kinds of users who can be shown
  // little.
  std::vector<std::string> warnings;
  // No user can be shown anything now; the warnings begin with the reason. A
  // server does not load such a version by itself.
  bool shows_nothing = false;
};

enum class EmptyShelves { kAllow, kRefuse };

// Loads one version as a server would, answers its golden requests, and
// measures what it can show. Errors: the first fault, with its file;
// FailedPrecondition if it can show some kind of user nothing (kRefuse).
absl::StatusOr<Finding> Examine(const std::string& version, EmptyShelves empty);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_CLI_EXAMINE_H_
