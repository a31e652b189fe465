// The sections of a snapshot by which candidates are ranked.
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

// A model as the caller means it.
struct ChosenRanker {
  std::string text;  // of the file; empty: no ranker
  // As far as it is used; nullptr when there is none.
  std::shared_ptr<const Forest> forest;
  // Those that are used; absent: all.
  std::optional<size_t> iterations;
  std::vector<std::string> warnings;
};

// That all trees of a model are used, where early stopping found fewer best;
// else empty. `option` is the one that chooses.
std::string TellUnusedBest(const std::string& path, const Forest& forest,
                           const char* option);

// Reads the model file, of which the first `iterations` are used, as
// Forest::FirstIterations takes it; absent: all, with a warning when early
// stopping found fewer best. An empty path is no ranker. Errors:
// FailedPrecondition that names the file, when it can not be read or has
// several outputs; InvalidArgument when it does not have those iterations.
absl::StatusOr<ChosenRanker> ReadRanker(const std::string& path,
                                        std::optional<size_t> iterations);

// Whether a model was trained on vectors that were made as these, so far as it
// tells. `recipe`: of the vectors. Errors: FailedPrecondition that names both.
absl::Status CheckVectors(const ChosenRanker& model,
                          const std::string& model_path,
                          const std::string& recipe,
                          const std::string& vectors_path);

// Writes `ranker` and `item_ranks`, and what the features of the model are into
// the manifest; catalog and item_vectors are complete. `watches`: [titles].
// Errors: those of Ranker::Create, which name the section.
absl::Status WriteRankerSections(const ChosenRanker& model,
                                 std::span<const uint64_t> watches,
                                 SnapshotWriter& out);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_BUILD_RANKER_SECTIONS_H_
