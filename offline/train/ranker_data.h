// The training data of a ranker: the candidates that the server would have
// ranked, with the features that it would have computed, and what the user did
// next.
#ifndef MARQUEE_OFFLINE_TRAIN_RANKER_DATA_H_
#define MARQUEE_OFFLINE_TRAIN_RANKER_DATA_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/pipeline/pipeline.h"
#include "offline/data/id_dictionary.h"
#include "offline/data/interaction_set.h"

namespace marquee {

struct RankerData {
  std::vector<std::string> feature_names;  // as NamesForTrainers writes them
  std::vector<float> values;    // [rows × features], row-major, NaN: missing
  std::vector<float> labels;    // [rows]: 1 if the user liked it next, else 0
  std::vector<uint32_t> items;  // [rows]: index into item_ids
  IdDictionary item_ids;
  std::vector<uint32_t> group_sizes;  // rows of each user, in order
  std::vector<std::string> group_users;
  // The number of liked items that were candidates, and of all liked items.
  // Their ratio limits any ranker.
  uint64_t retrieved_likes = 0;
  uint64_t likes = 0;

  size_t rows() const { return labels.size(); }

  // Adds the groups of `more`, whose columns may be in another order. Errors:
  // InvalidArgument if it has other columns.
  absl::Status Append(const RankerData& more);
};

struct RankerDataOptions {
  size_t candidates = 500;
  // If there are more users, they are sampled at equal distances. More: slower,
  // better.
  size_t max_users = 20000;
};

// Returns one group per user who likes (weight > 0) at least one item in
// `labels`. A group holds the candidates of retrieval at the moment of the
// user's first label, from the snapshot alone. Positives that are not
// candidates are left out: the server could not have shown them either. The
// columns have no request features, because interactions do not record them.
// Errors: FailedPrecondition if no user has both candidates and a label among
// them.
absl::StatusOr<RankerData> CollectRankerData(
    const Pipeline& pipeline, const InteractionSet& labels,
    const RankerDataOptions& options,
    const std::function<void(size_t, size_t)>& progress);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_TRAIN_RANKER_DATA_H_
