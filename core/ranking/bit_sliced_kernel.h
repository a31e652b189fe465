// Runs a bit-sliced program over up to 256 rows. One source,
// bit_sliced_kernel.inc, is compiled for each instruction set; all give the
// same bits.
#ifndef MARQUEE_CORE_RANKING_BIT_SLICED_KERNEL_H_
#define MARQUEE_CORE_RANKING_BIT_SLICED_KERNEL_H_

#include <cstddef>
#include <cstdint>

#include "core/ranking/bit_sliced_program.h"
#include "core/simd/isa.h"

namespace marquee {

// Rows in one machine word of a set.
inline constexpr size_t kWordRows = 64;
// Words in a set at most. With twice as many, the tests of a forest of 300
// trees leave too little of a second cache of 1 MiB.
inline constexpr size_t kSetWords = 4;
inline constexpr size_t kRankBits = 16;
// Sets that a kernel writes behind those of a tree.
inline constexpr size_t kSpareSlots = 7;

// Plain pointers: the sources of an instruction set instantiate nothing.
struct BitSlicedView {
  const RankColumn* columns;
  size_t column_count;
  const int32_t* keys;
  const uint32_t* sets;
  const BitSlicedTree* trees;
  size_t tree_count;
  const BitSlicedStep* steps;
  const double* doubles;  // null: floats
  const float* floats;
  const LinearLeaf* linear_leaves;
  const LinearTerm* terms;
  float base_margin;
};

// What is scored: up to 64 · blocks rows.
struct BitSlicedRows {
  // Consecutive blocks of a feature matrix (see FeatureMatrix) whose features
  // are `features` columns.
  const float* matrix;
  size_t features;
  size_t blocks;  // 1 to kSetWords
  // [columns]: of those of scope kRequest.
  const uint16_t* request_ranks;
  // [blocks × item_bytes × kWordRows]: of the item of each row, its first byte,
  // its second, …
  const uint8_t* item_ranks;
  size_t item_bytes;
};

// All on 64-byte boundaries.
struct BitSlicedScratch {
  uint64_t* tests;     // [tests × words]
  uint64_t* slots[2];  // [2 · max_leaves + kSpareSlots × words]
  uint64_t* planes;    // [kRankBits × words]
  uint64_t* missing;   // [words]
  uint16_t* ranks;     // [rows]
  uint16_t* leaves;    // [rows]
  double* sums;        // [rows]
  float* float_sums;   // [rows]
};

// scratch.sums[row] becomes the raw score of the row.
using BitSlicedKernel = void (*)(const BitSlicedView& program,
                                 const BitSlicedRows& rows,
                                 const BitSlicedScratch& scratch);

BitSlicedKernel BitSlicedKernelFor(simd::Isa isa);

void RunBitSlicedPortable(const BitSlicedView&, const BitSlicedRows&,
                          const BitSlicedScratch&);
void RunBitSlicedAvx2(const BitSlicedView&, const BitSlicedRows&,
                      const BitSlicedScratch&);
void RunBitSlicedAvx512(const BitSlicedView&, const BitSlicedRows&,
                        const BitSlicedScratch&);

}  // namespace marquee

#endif  // MARQUEE_CORE_RANKING_BIT_SLICED_KERNEL_H_
