// Writes the sections of a snapshot by which retrieval finds items.
#ifndef MARQUEE_OFFLINE_BUILD_RETRIEVAL_SECTIONS_H_
#define MARQUEE_OFFLINE_BUILD_RETRIEVAL_SECTIONS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "core/snapshot/snapshot_writer.h"
#include "offline/build/cell_choice.h"
#include "offline/build/graph_builder.h"

namespace marquee {

struct RetrievalOptions {
  // Every engine is tuned to find at least this share of the exact best 500,
  // for sampled users and items at several selectivities. Larger: slower
  // engines. 0 to 1.
  double recall = 0.97;
  // Absent: no graph, and therefore no graph engine.
  std::optional<GraphOptions> graph;
  // If true, a graph that does not reach the recall is left out; else it is an
  // error.
  bool graph_may_be_left_out = false;
  // 0: all cores.
  size_t threads = 0;
  uint64_t seed = 1;
};

// Returns the cells of the items. Their order becomes the order of the rows.
// Shows progress on the standard error. `values`: as for BuildCells; `queries`:
// [queries × dimension], vectors of users.
CellAssignment PartitionItems(std::span<const float> values, size_t dimension,
                              std::span<const float> queries,
                              const RetrievalOptions& options);

// Writes item_codes. Requires: the section item_vectors is complete.
absl::Status WriteCodeSection(std::span<const float> values, size_t dimension,
                              SnapshotWriter& out);

// Writes item_cells and graph, tuned, and writes the measurements into the
// manifest. Requires: the sections item_vectors, item_codes and user_vectors
// are complete. `begins`: where the cells begin. Shows progress. Returns
// warnings. Errors: FailedPrecondition with the numbers if an engine does not
// reach the recall; those of BuildGraph.
absl::StatusOr<std::vector<std::string>> WriteEngineSections(
    const std::vector<uint32_t>& begins, const RetrievalOptions& options,
    SnapshotWriter& out);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_BUILD_RETRIEVAL_SECTIONS_H_
