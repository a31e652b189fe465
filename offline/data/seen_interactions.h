// Which interactions something was made of: whether vectors and a history know
// the same can be told without keeping both.
#ifndef MARQUEE_OFFLINE_DATA_SEEN_INTERACTIONS_H_
#define MARQUEE_OFFLINE_DATA_SEEN_INTERACTIONS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "offline/data/interactions.h"

namespace marquee {

// Of the rows that are signs of liking (weight > 0).
struct SeenInteractions {
  uint64_t rows = 0;
  int64_t last = 0;  // Unix seconds
  // Of user, title and moment, in any order of the rows. One hash of all three:
  // with a moment as its seed, that of a short id is another id's a second on.
  uint64_t digest = 0;

  // A row of weight 0 is passed over.
  void Add(const InteractionView& row);
  // "1000 likes until 2026-05-01T12:00:00Z", for people.
  std::string Tell() const;

  friend bool operator==(const SeenInteractions&,
                         const SeenInteractions&) = default;
};

// Whether vectors know what the history is and no more: else a judgement by
// what came later may be of what they know, or of people whom they know too
// little. Absent is not known, and passes. The names are for the error,
// FailedPrecondition.
absl::Status CheckSameHistory(const std::optional<SeenInteractions>& vectors,
                              absl::string_view vectors_name,
                              const std::optional<SeenInteractions>& history,
                              absl::string_view history_name);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DATA_SEEN_INTERACTIONS_H_
