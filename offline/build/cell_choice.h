// Learns the cells in more than one way and takes the best, judged by what
// queries would read.
#ifndef MARQUEE_OFFLINE_BUILD_CELL_CHOICE_H_
#define MARQUEE_OFFLINE_BUILD_CELL_CHOICE_H_

#include <cstddef>
#include <span>

#include "offline/build/cell_builder.h"

namespace marquee {

// How many titles a scan in the best order of the cells reads until it has
// found `share` of the `depth` titles with the largest inner product: the mean
// over the queries. Computed in float. `values`: [titles × dimension], in the
// order that the assignment is of; `queries`: [queries × dimension]. 0 without
// queries or titles. Requires: depth >= 1.
double TitlesScanned(std::span<const float> values, size_t dimension,
                     const CellAssignment& cells,
                     std::span<const float> queries, size_t depth,
                     double share);

// What queries ask for.
struct CellDemand {
  std::span<const float> queries;  // [queries × dimension]
  size_t depth = 500;              // at least 1
  double share = 0.97;
};

// BuildCells with lengths taken as they come and with more regard to long
// titles; of both that in which TitlesScanned is less. `options` but for the
// length power.
CellAssignment ChooseCells(std::span<const float> values, size_t dimension,
                           const CellDemand& demand,
                           const CellOptions& options);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_BUILD_CELL_CHOICE_H_
