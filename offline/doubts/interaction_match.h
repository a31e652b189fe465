// Checks whether interactions have the users and items of a snapshot. An
// evaluation with ids that the snapshot does not have is wrong.
#ifndef MARQUEE_OFFLINE_DOUBTS_INTERACTION_MATCH_H_
#define MARQUEE_OFFLINE_DOUBTS_INTERACTION_MATCH_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "core/snapshot/snapshot.h"
#include "offline/data/interaction_set.h"
#include "offline/doubts/id_match.h"

namespace marquee {

// Matches the file `interactions` with the snapshot named `snapshot_name`.
struct InteractionMatch {
  InteractionMatch(const InteractionSet& set, const std::string& interactions,
                   const Snapshot& snapshot, const std::string& snapshot_name);

  // Errors: those of CheckMatch. Unknown users are an error only if fewer than
  // one in ten is known: a growing service has many new users.
  absl::Status Check() const;
  // Returns one line about unknown items and one about unknown users.
  std::vector<std::string> Tell() const;

  IdMatch item_ids;  // counted by rows
  IdMatch user_ids;
};

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DOUBTS_INTERACTION_MATCH_H_
