// The rows of interactions.csv that a snapshot is made of.
#ifndef MARQUEE_OFFLINE_BUILD_HISTORY_ROWS_H_
#define MARQUEE_OFFLINE_BUILD_HISTORY_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "offline/build/folded_users.h"
#include "offline/data/event_filter.h"
#include "offline/data/id_dictionary.h"
#include "offline/data/seen_interactions.h"

namespace marquee {

struct HistoryOptions {
  // Only rows before this moment, in Unix seconds.
  int64_t until = std::numeric_limits<int64_t>::max();
  // Those that are signs of liking, where their weight is.
  WantedEvents events;
  // Plays that are later count as of the newest that is not.
  absl::Time now = absl::Now();
};

// Columns of equal length, in the order of the file: rows of titles that the
// catalogue has, copies left out. 12 bytes a row, 12 more while copies are
// looked for, and 20 more for a like of a user without a vector.
struct HistoryRows {
  struct Event {
    uint32_t user;
    uint32_t item : 31;
    uint32_t liked : 1;
  };
  std::vector<Event> events;
  // Unix seconds, to 2106: what is later is of then.
  std::vector<uint32_t> moments;
  // In the order of the file.
  std::vector<UserLike> likes_without_vector;

  uint64_t rows_read = 0;
  // Rows with titles that the catalogue does not have, and one of these.
  uint64_t unknown_items = 0;
  std::string unknown_item;
  // The likes before HistoryOptions::until, of unknown titles and copies too.
  SeenInteractions likes;
  // InteractionReader::Remarks and TellCopies.
  std::vector<std::string> remarks;
};

// Adds users to `users`, of which the first `with_vector` have one. Reads the
// file once, from its beginning to its end. Errors: those of InteractionReader,
// EventFilter::Check and FindCopies.
absl::StatusOr<HistoryRows> ReadHistoryRows(const std::string& path,
                                            const HistoryOptions& options,
                                            size_t with_vector,
                                            IdDictionary& users,
                                            const IdDictionary& items);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_BUILD_HISTORY_ROWS_H_
