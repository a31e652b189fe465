// Runs a compiled forest over up to 256 rows, one bit a row. How it works:
// core/scoring/bit_sliced_program.h, which compiles it.
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
// Words in a set at most. With twice as many, the tests of a forest of 300
// trees leave too little of a second cache of 1 MiB.
inline constexpr size_t kSetWords = 4;
inline constexpr size_t kRankBits = 16;
// Sets that a kernel writes behind those of a tree.
inline constexpr size_t kSpareSlots = 7;

// |x| at most this counts as zero where a column says so.
inline constexpr double kTinyLimit = 1e-35f;

// A feature as splits with one rule for missing values read it. Of the
// categorical splits of a feature there is one column: a category c is the
// numbers from c to below c + 1, so ranks tell categories apart too.
struct RankColumn {
  // Where the rank of a row comes from.
  enum class Source : uint8_t {
    kMatrix,   // the value of the row is searched for among the keys
    kItem,     // the bytes of the row's item
    kRequest,  // one rank for all rows
  };

  uint32_t feature = 0;
  Source source = Source::kMatrix;
  bool nan_is_missing = false;
  bool tiny_is_missing = false;
  bool tiny_is_zero = false;
  uint32_t missing_rank = 0;
  // Test t, from first_test on: rank > t, where set_words is 0; else whether
  // bit `rank` of its set is 1.
  uint32_t tests = 0;
  uint32_t first_test = 0;
  uint32_t set_words = 0;  // of 32 bits, a multiple of 16
  uint32_t first_word = 0;
  // The keys of the thresholds as a binary search reads them: level by level,
  // 2^l in level l of key_levels, the last ones INT32_MAX.
  uint32_t first_key = 0;
  uint32_t key_levels = 0;
  // Of source kItem: where the rank is among the bytes of an item, the low
  // byte first.
  uint32_t item_byte = 0;
  uint32_t item_bytes = 0;  // 1 or 2
};

// Of the rows in slot i of a tree, those of the test go to one slot, the others
// to another. Slots 0 to splits − 1 are the splits, parents first; from there
// on the leaves.
struct BitSlicedStep {
  uint32_t test = 0;
  uint16_t left = 0;
  uint16_t right = 0;
};

struct BitSlicedTree {
  static constexpr uint32_t kNotLinear = 0xffffffff;

  uint32_t first_step = 0;
  uint32_t leaves = 1;  // one more than steps
  uint32_t first_value = 0;
  uint32_t first_linear_leaf = kNotLinear;
};

// A leaf of a linear tree: the constant and its terms, each coefficient · value
// of the feature.
struct LinearLeaf {
  double constant = 0;
  uint32_t first_term = 0;
  uint32_t end_term = 0;
};
struct LinearLeafTerm {
  double coefficient = 0;
  uint32_t feature = 0;
};

// A compiled forest. Plain pointers: the sources of an instruction set
// instantiate nothing.
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
  const LinearLeafTerm* terms;
  float base_margin;
};

// What is scored: up to 64 · blocks rows.
struct BitSlicedRows {
  // Consecutive blocks of a feature matrix (see core/features/feature_matrix.h)
  // whose features are `features` columns.
  const float* matrix;
  size_t features;
  size_t blocks;  // 1 to kSetWords
  // [columns]: of those of source kRequest.
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

// The kernel of an instruction set that this processor supports.
BitSlicedKernel BitSlicedKernelFor(Isa isa);

void RunBitSlicedPortable(const BitSlicedView&, const BitSlicedRows&,
                          const BitSlicedScratch&);
void RunBitSlicedAvx2(const BitSlicedView&, const BitSlicedRows&,
                      const BitSlicedScratch&);
void RunBitSlicedAvx512(const BitSlicedView&, const BitSlicedRows&,
                        const BitSlicedScratch&);

}  // namespace marquee::simd

#endif  // MARQUEE_CORE_SIMD_BIT_SLICED_KERNEL_H_
