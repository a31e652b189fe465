// Partitions the items into cells of neighbours by k-means (Lloyd's algorithm)
// in the norm-augmented space (graph_builder.h explains it). It learns the
// centers on a sample and then assigns every item to its nearest center.
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
  // Average number of items per cell. Smaller: fewer items are scanned in vain,
  // but ordering the cells takes more time.
  size_t items_per_cell = 240;
  size_t iterations = 8;
  // Cells are learnt from a sample of items. An item is drawn in proportion to
  // this power of its vector's length. 0: cells are equally fine for short and
  // long items. 2: cells are finer where items are long, which most queries
  // find; this pays off where lengths vary much (see ItemsScanned).
  double length_power = 0;
  // Seed of the sample and of the first centers. Equal seeds give equal cells
  // for any number of threads.
  uint64_t seed = 1;
  // 0: all cores.
  size_t threads = 0;
  // Called from time to time with the share that is done, from one thread at a
  // time.
  std::function<void(double)> progress;
};

struct CellAssignment {
  // [items]: the items in the order of their cells; within a cell, in the order
  // of the input.
  std::vector<uint32_t> order;
  // [cells + 1]: where each cell begins in `order`.
  std::vector<uint32_t> begins;
};

// Returns the rows of `values`, [items × dimension], in this order.
std::vector<float> RowsInOrder(std::span<const float> values, size_t dimension,
                               std::span<const uint32_t> order);

// `values`: [items × dimension], row-major, finite. Because cells are made in
// the norm-augmented space, the items of a cell have similar directions and
// lengths, and the mean of the cell stands for all of them.
CellAssignment BuildCells(std::span<const float> values, size_t dimension,
                          const CellOptions& options);

// Returns the content of the section `item_cells` except the stop share.
// `values`: in the order of the cells.
CellParts DescribeCells(std::span<const float> values, size_t dimension,
                        std::vector<uint32_t> begins);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_BUILD_CELL_BUILDER_H_
