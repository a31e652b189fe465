// Writes the training rows of a ranker, for trainers other than ours.
#ifndef MARQUEE_OFFLINE_TRAIN_RANKER_ROWS_H_
#define MARQUEE_OFFLINE_TRAIN_RANKER_ROWS_H_

#include <string>

#include "absl/status/status.h"
#include "offline/train/ranker_data.h"

namespace marquee {

// Writes a CSV file with the columns user_id, item_id, query_id (the number of
// the user's group, from 0), label and the features by their names: float32 in
// shortest digits, an empty cell for a missing value. Errors: those of
// OutputFile.
absl::Status WriteRankerRows(const RankerData& data, const std::string& path);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_TRAIN_RANKER_ROWS_H_
