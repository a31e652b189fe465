// A digest of the interactions that something was made of. It shows whether
// vectors and a history were made of the same rows without keeping both.
#ifndef MARQUEE_OFFLINE_DATA_SEEN_INTERACTIONS_H_
#define MARQUEE_OFFLINE_DATA_SEEN_INTERACTIONS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "offline/data/interactions.h"

namespace marquee {

// Digest of the rows that are signs of liking (weight > 0).
struct SeenInteractions {
  uint64_t rows = 0;
  int64_t last = 0;  // Unix seconds
  // Digest of user, item and moment, independent of the order of rows. Each row
  // is one hash of all three. With a moment as the seed of a hash, a short id
  // could have the hash of another id one second later.
  uint64_t digest = 0;

  // Ignores a row of weight 0.
  void Add(const InteractionView& row);
  // Returns "1000 likes until 2026-05-01T12:00:00Z", for people.
  std::string Tell() const;

  friend bool operator==(const SeenInteractions&,
                         const SeenInteractions&) = default;
};

// Checks that vectors were made of the same interactions as the history.
// Otherwise an evaluation on later interactions may test what the vectors have
// already seen, or users whom they know too little. An absent digest is unknown
// and passes. The names are for the error, FailedPrecondition.
absl::Status CheckSameHistory(const std::optional<SeenInteractions>& vectors,
                              absl::string_view vectors_name,
                              const std::optional<SeenInteractions>& history,
                              absl::string_view history_name);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DATA_SEEN_INTERACTIONS_H_
