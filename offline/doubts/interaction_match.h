// Whether interactions are of the people and titles of a snapshot: what is
// judged by ids that nothing knows is judged wrongly.
#ifndef MARQUEE_OFFLINE_DOUBTS_INTERACTION_MATCH_H_
#define MARQUEE_OFFLINE_DOUBTS_INTERACTION_MATCH_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "core/snapshot/snapshot.h"
#include "offline/data/interaction_set.h"
#include "offline/doubts/id_match.h"

namespace marquee {

// Of the file `interactions` and of what is called `snapshot_name`.
struct InteractionMatch {
  InteractionMatch(const InteractionSet& set, const std::string& interactions,
                   const Snapshot& snapshot, const std::string& snapshot_name);

  // Errors: those of CheckMatch; of people only where hardly one in ten is
  // known, for a service that grows is full of new users.
  absl::Status Check() const;
  // Who and what is not known, a line each.
  std::vector<std::string> Tell() const;

  IdMatch titles;  // counted by rows
  IdMatch people;
};

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DOUBTS_INTERACTION_MATCH_H_
