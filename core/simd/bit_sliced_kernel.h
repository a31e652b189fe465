// Runs a compiled forest over up to 256 rows, with one bit per row.
// core/scoring/bit_sliced_program.h compiles forests and explains the
// algorithm.
//
// One source, bit_sliced_kernel.inc, is compiled for each instruction set; all
// give the same bits.
#ifndef MARQUEE_CORE_SIMD_BIT_SLICED_KERNEL_H_
#define MARQUEE_CORE_SIMD_BIT_SLICED_KERNEL_H_

#include <cstddef>
#include <cstdint>

#include "core/simd/isa.h"

namespace marquee::simd {

// Rows in one machine word of a set.
inline constexpr size_t kWordRows = 64;
// The largest number of words of a set. With twice as many, the tests of a
// forest of 300 trees leave too little of a second-level cache of 1 MiB.
inline constexpr size_t kSetWords = 4;
inline constexpr size_t kRankBits = 16;
// Sets that a kernel may write after those of a tree.
inline constexpr size_t kSpareSlots = 7;

// |x| up to this counts as zero if a column says so.
inline constexpr double kTinyLimit = 1e-35f;

// A feature as seen by splits with one rule for missing values. All categorical
// splits of a feature share one column: category c is the numbers from c to
// below c + 1, so ranks tell categories apart too.
struct RankColumn {
  // Where the rank of a row comes from.
  enum class Source : uint8_t {
    kMatrix,   // search the value of the row among the keys
    kItem,     // read the bytes of the row's item
    kRequest,  // one rank for all rows
  };

  uint32_t feature = 0;
  Source source = Source::kMatrix;
  bool nan_is_missing = false;
  bool tiny_is_missing = false;
  bool tiny_is_zero = false;
  uint32_t missing_rank = 0;
  // Test t of the column has the number first_test + t. If set_words is 0, a
  // row passes it if its rank > t; else if bit `rank` of the test's set is 1.
  uint32_t tests = 0;
  uint32_t first_test = 0;
  uint32_t set_words = 0;  // 32-bit words of a set, a multiple of 16
  uint32_t first_word = 0;
  // The keys of the thresholds in the order of a binary search: level by level,
  // 2^l keys in level l of key_levels. The last ones are INT32_MAX.
  uint32_t first_key = 0;
  uint32_t key_levels = 0;
  // For source kItem: the place of the rank among the bytes of an item, low
  // byte first.
  uint32_t item_byte = 0;
  uint32_t item_bytes = 0;  // 1 or 2
};

// Splits the set in slot i of a tree: rows that pass the test go to slot
// `right`, the others to slot `left`. Slots 0 to splits − 1 are the splits,
// parents first; the leaves follow.
struct BitSlicedStep {
  uint32_t test = 0;
  uint16_t left = 0;
  uint16_t right = 0;
};

struct BitSlicedTree {
  static constexpr uint32_t kNotLinear = 0xffffffff;

  uint32_t first_step = 0;
  uint32_t leaves = 1;  // one more than the steps
  uint32_t first_value = 0;
  uint32_t first_linear_leaf = kNotLinear;
};

// A leaf of a linear tree: a constant plus its terms. A term is coefficient ·
// value of the feature.
struct LinearLeaf {
  double constant = 0;
  uint32_t first_term = 0;
  uint32_t end_term = 0;
};
struct LinearLeafTerm {
  double coefficient = 0;
  uint32_t feature = 0;
};

// A view of a compiled forest. It has plain pointers so that the sources of an
// instruction set instantiate no library code.
struct BitSlicedView {
  const RankColumn* columns;
  size_t column_count;
  const int32_t* keys;
  const uint32_t* sets;
  const BitSlicedTree* trees;
  size_t tree_count;
  const BitSlicedStep* steps;
  const double* doubles;  // null: use floats
  const float* floats;
  const LinearLeaf* linear_leaves;
  const LinearLeafTerm* terms;
  float base_margin;
};

// The rows to score: up to 64 · blocks.
struct BitSlicedRows {
  // Consecutive blocks of a feature matrix with `features` columns (see
  // core/features/feature_matrix.h).
  const float* matrix;
  size_t features;
  size_t blocks;  // 1 to kSetWords
  // [columns], read for columns of source kRequest.
  const uint16_t* request_ranks;
  // [blocks × item_bytes × kWordRows]: in each block the first byte of every
  // row's item, then the second, …
  const uint8_t* item_ranks;
  size_t item_bytes;
};

// All arrays are on 64-byte boundaries.
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

// Sets scratch.sums[row] to the raw score of the row.
using BitSlicedKernel = void (*)(const BitSlicedView& program,
                                 const BitSlicedRows& rows,
                                 const BitSlicedScratch& scratch);

// Returns the kernel of an instruction set. Requires: this processor supports
// it.
BitSlicedKernel BitSlicedKernelFor(Isa isa);

void RunBitSlicedPortable(const BitSlicedView&, const BitSlicedRows&,
                          const BitSlicedScratch&);
void RunBitSlicedAvx2(const BitSlicedView&, const BitSlicedRows&,
                      const BitSlicedScratch&);
void RunBitSlicedAvx512(const BitSlicedView&, const BitSlicedRows&,
                        const BitSlicedScratch&);

}  // namespace marquee::simd

#endif  // MARQUEE_CORE_SIMD_BIT_SLICED_KERNEL_H_
