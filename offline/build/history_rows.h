// The rows of interactions.csv that a snapshot is made from.
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
  // Reads only rows before this moment, in Unix seconds.
  int64_t until = std::numeric_limits<int64_t>::max();
  // Events that are signs of liking if their weight is above 0.
  WantedEvents events;
  // A row more than a day later than this counts at the moment of the newest
  // sign of liking that is not.
  absl::Time now = absl::Now();
};

// Columns of equal length, in the order of the file: the rows of items that the
// catalogue has, without copies. Takes 12 bytes per row, 12 more while copies
// are searched, and 20 more per like of a user without a vector.
struct HistoryRows {
  struct Event {
    uint32_t user;
    uint32_t item : 31;
    uint32_t liked : 1;
  };
  std::vector<Event> events;
  // Unix seconds, clamped to 2106.
  std::vector<uint32_t> moments;
  // In the order of the file.
  std::vector<UserLike> likes_without_vector;

  uint64_t rows_read = 0;
  // The number of rows with items that the catalogue does not have, and one of
  // these items.
  uint64_t unknown_items = 0;
  std::string unknown_item;
  // All likes before HistoryOptions::until, including copies and those of
  // unknown items.
  SeenInteractions likes;
  // InteractionReader::Remarks and TellCopies.
  std::vector<std::string> remarks;
};

// Adds the users of the file to `users`, of which the first `with_vector` have
// a vector. Reads the file once, from beginning to end. Errors: those of
// InteractionReader, EventFilter::Check and FindCopies.
absl::StatusOr<HistoryRows> ReadHistoryRows(const std::string& path,
                                            const HistoryOptions& options,
                                            size_t with_vector,
                                            IdDictionary& users,
                                            const IdDictionary& items);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_BUILD_HISTORY_ROWS_H_
