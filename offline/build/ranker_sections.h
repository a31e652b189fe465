// Reads the ranking model and writes the sections of a snapshot that rank
// candidates.
#ifndef MARQUEE_OFFLINE_BUILD_RANKER_SECTIONS_H_
#define MARQUEE_OFFLINE_BUILD_RANKER_SECTIONS_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/forest/forest.h"
#include "core/snapshot/snapshot_writer.h"

namespace marquee {

// A model, and how much of it the caller chose.
struct ChosenRanker {
  std::string text;  // content of the file; empty: no ranker
  // Only the iterations that are used; nullptr: no ranker.
  std::shared_ptr<const Forest> forest;
  // The number of iterations that are used; absent: all.
  std::optional<size_t> iterations;
  std::vector<std::string> warnings;
};

// Returns a warning if all trees of a model are used although early stopping
// found fewer to be best; else empty. `option`: the option that chooses the
// number.
std::string TellUnusedBest(const std::string& path, const Forest& forest,
                           const char* option);

// Reads the model file and uses its first `iterations`, as
// Forest::FirstIterations. Absent: uses all, with a warning if early stopping
// found fewer to be best. An empty path means no ranker. Errors:
// FailedPrecondition that names the file, if it can not be read or has several
// outputs; InvalidArgument if it does not have those iterations.
absl::StatusOr<ChosenRanker> ReadRanker(const std::string& path,
                                        std::optional<size_t> iterations);

// Checks that a model was trained on vectors of the same recipe, if the model
// says which. `recipe`: the recipe of the snapshot's vectors. Errors:
// FailedPrecondition that names both.
absl::Status CheckVectors(const ChosenRanker& model,
                          const std::string& model_path,
                          const std::string& recipe,
                          const std::string& vectors_path);

// Writes `ranker` and `item_ranks`, and writes into the manifest what the
// model's features are. Requires: the sections catalog, popularity and
// item_vectors are complete. Errors: those of Ranker::Create, which name the
// section.
absl::Status WriteRankerSections(const ChosenRanker& model,
                                 SnapshotWriter& out);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_BUILD_RANKER_SECTIONS_H_
