// The sections of a snapshot by which retrieval finds titles.
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
  // Every engine is set up to find at least this share of the exact best 500,
  // on sampled users and titles, at several selectivities. More: slower
  // engines. 0 to 1.
  double recall = 0.97;
  // Absent: no graph, and so no graph engine.
  std::optional<GraphOptions> graph;
  // A graph that does not find enough is left out, not a fault.
  bool graph_may_be_left_out = false;
  // 0: all cores.
  size_t threads = 0;
  uint64_t seed = 1;
};

// The cells of the titles, whose order becomes the order of the rows. Shows
// progress on the standard error. `values`: as BuildCells; `queries`:
// [queries × dimension], vectors of users.
CellAssignment PartitionTitles(std::span<const float> values, size_t dimension,
                               std::span<const float> queries,
                               const RetrievalOptions& options);

// Writes item_codes; item_vectors is complete.
absl::Status WriteCodeSection(std::span<const float> values, size_t dimension,
                              SnapshotWriter& out);

// Writes item_cells and graph, tuned, and puts what was measured into the
// manifest; item_vectors, item_codes and user_vectors are complete.
// `begins`: of the cells. Shows progress. Returns warnings. Errors:
// FailedPrecondition with the numbers when an engine does not find enough;
// those of BuildGraph.
absl::StatusOr<std::vector<std::string>> WriteEngineSections(
    const std::vector<uint32_t>& begins, const RetrievalOptions& options,
    SnapshotWriter& out);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_BUILD_RETRIEVAL_SECTIONS_H_
