// Learns the cells in several ways and takes the best, judged by how much
// queries would read.
#ifndef MARQUEE_OFFLINE_BUILD_CELL_CHOICE_H_
#define MARQUEE_OFFLINE_BUILD_CELL_CHOICE_H_

#include <cstddef>
#include <span>

#include "offline/build/cell_builder.h"

namespace marquee {

// Returns how many items a scan in the best order of the cells reads until it
// has found `share` of the `depth` items with the largest inner product: the
// mean over the queries, computed in float. `values`: [items × dimension], in
// the input order of the assignment; `queries`: [queries × dimension]. Returns
// 0 without queries or items. Requires: depth >= 1.
double ItemsScanned(std::span<const float> values, size_t dimension,
                    const CellAssignment& cells, std::span<const float> queries,
                    size_t depth, double share);

// The queries that the cells are judged by.
struct CellDemand {
  std::span<const float> queries;  // [queries × dimension]
  size_t depth = 500;              // at least 1
  double share = 0.97;
};

// Runs BuildCells with length powers 0 and 2, and returns the cells with the
// smaller ItemsScanned. Ignores options.length_power.
CellAssignment ChooseCells(std::span<const float> values, size_t dimension,
                           const CellDemand& demand,
                           const CellOptions& options);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_BUILD_CELL_CHOICE_H_
