// A whole interactions.csv in memory, as trainers need it.
#ifndef MARQUEE_OFFLINE_DATA_INTERACTION_SET_H_
#define MARQUEE_OFFLINE_DATA_INTERACTION_SET_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "offline/data/event_filter.h"
#include "offline/data/id_dictionary.h"
#include "offline/data/seen_interactions.h"

namespace marquee {

struct InteractionFilter {
  WantedEvents events;
  // Keeps only rows with since <= timestamp < until, in Unix seconds.
  int64_t since = 0;
  int64_t until = std::numeric_limits<int64_t>::max();
  // Whether rows of weight 0 (seen, but not a sign of liking) are left out.
  bool positive_only = true;
};

// Columns of equal length in the order of the file, without copies. Takes 20
// bytes per row, 12 more while it is loaded. Users and items are numbered by
// first appearance among the rows that are kept. A pair may occur many times.
struct InteractionSet {
  IdDictionary users;
  IdDictionary items;
  std::vector<uint32_t> user;
  std::vector<uint32_t> item;
  std::vector<int64_t> timestamp;  // Unix seconds
  std::vector<float> weight;
  uint64_t rows_read = 0;  // before the filter
  // Of the rows that passed the filter: which are copies and were left out.
  // Empty: none.
  std::vector<bool> copies;
  // All likes within the filter's time, of any event, including copies.
  SeenInteractions seen;
  // InteractionReader::Remarks and TellCopies.
  std::vector<std::string> remarks;

  size_t size() const { return user.size(); }
};

// Errors: those of InteractionReader; FailedPrecondition if an event of the
// filter does not occur (with those that do) or no row passes.
absl::StatusOr<InteractionSet> LoadInteractions(
    const std::string& path, const InteractionFilter& filter);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DATA_INTERACTION_SET_H_
