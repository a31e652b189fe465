// Partitions the titles into cells of neighbours, by k-means.
#ifndef MARQUEE_OFFLINE_BUILD_CELL_BUILDER_H_
#define MARQUEE_OFFLINE_BUILD_CELL_BUILDER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/retrieval/item_cells.h"

namespace marquee {

struct CellOptions {
  // Titles a cell, on average. Fewer: less is scanned in vain, more time goes
  // into the order of the cells.
  size_t titles_per_cell = 240;
  size_t iterations = 8;
  // A title is drawn for the sample that cells are learnt from in proportion to
  // this power of its length. 0: cells are as fine where the titles are short.
  // 2: finer where they are long, which are what most queries find; worth it
  // where lengths vary much (see TitlesScanned).
  double length_power = 0;
  // Of the first centers and of the sample that they are learnt from. Equal
  // seeds give equal cells, whatever the number of threads.
  uint64_t seed = 1;
  // 0: all cores.
  size_t threads = 0;
  // Called now and then with the share that is done, from one thread at a time.
  std::function<void(double)> progress;
};

struct CellAssignment {
  // [titles]: the titles in the order of their cells, and of the input within.
  std::vector<uint32_t> order;
  // [cells + 1]: where each cell begins in `order`.
  std::vector<uint32_t> begins;
};

// The rows of `values`, [titles × dimension], in this order.
std::vector<float> RowsInOrder(std::span<const float> values, size_t dimension,
                               std::span<const uint32_t> order);

// `values`: [titles × dimension], row-major, finite. The cells are those of the
// norm-augmented space (graph_builder.h says why): a cell's titles have similar
// directions and lengths, so that its mean stands for all of them.
CellAssignment BuildCells(std::span<const float> values, size_t dimension,
                          const CellOptions& options);

// What the section `item_cells` says of the cells, but for the stop share.
// `values`: in the order of the cells.
CellParts DescribeCells(std::span<const float> values, size_t dimension,
                        std::vector<uint32_t> begins);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_BUILD_CELL_BUILDER_H_
