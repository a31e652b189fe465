// Divides interactions into those for training and those for evaluation.
//
// Always by time, never at random: a model that has seen what came after the
// question gets better results than it will have in service.
#ifndef MARQUEE_OFFLINE_EVALUATE_SPLIT_H_
#define MARQUEE_OFFLINE_EVALUATE_SPLIT_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "offline/data/seen_interactions.h"

namespace marquee {

enum class SplitBy {
  // The last share of each user's interactions is the test. Every user is in
  // both files, but the model may know what others did after the question.
  kUser,
  // One moment for all users: what a service that trains once sees.
  kTime,
};

struct SplitOptions {
  std::string interactions;  // CSV file
  std::string out;  // directory: train.csv, test.csv, and split.json, which
                    // ReadSplit reads
  SplitBy by = SplitBy::kUser;
  // More than 0, less than 1. By user: of n interactions, floor(n · holdout)
  // are the test, so that short histories stay whole.
  double holdout = 0.2;
  // By time: where the test begins, in Unix seconds. Absent: at the moment that
  // gives the test at least the share `holdout`.
  std::optional<int64_t> test_from;
  // Interactions at or after this moment, in Unix seconds, are in neither file.
  int64_t until = std::numeric_limits<int64_t>::max();
};

struct SplitSummary {
  uint64_t train = 0;  // rows
  uint64_t test = 0;
  uint64_t train_users = 0;
  uint64_t test_users = 0;
  uint64_t left_out = 0;  // rows
  // By time: the first second of the test.
  std::optional<int64_t> test_from;
  std::vector<std::string> remarks;  // InteractionReader::Remarks
};

// Rows keep the order of the file, also as the order of interactions of one
// second. Reads the file twice; takes 20 bytes of memory per row. Errors:
// InvalidArgument for options out of range; those of the readers;
// FailedPrecondition if one of the files would be empty.
absl::StatusOr<SplitSummary> SplitInteractions(const SplitOptions& options);

// Returns the likes of the training part that belongs to a test file. Absent:
// there is no split.json beside it, or it is of another test (`test`: its
// likes). Errors: DataLoss if it is damaged.
absl::StatusOr<std::optional<SeenInteractions>> ReadSplit(
    const std::string& test_path, const SeenInteractions& test);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_EVALUATE_SPLIT_H_
