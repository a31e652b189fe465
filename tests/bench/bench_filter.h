// Which items are eligible in a measurement.
#ifndef MARQUEE_TESTS_BENCH_BENCH_FILTER_H_
#define MARQUEE_TESTS_BENCH_BENCH_FILTER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/catalog/item_vectors.h"

namespace marquee {

struct BenchFilter {
  std::string kind;
  double selectivity = 1;  // that was asked for
  std::vector<uint64_t> eligible;
  size_t count = 0;
};

// `kind`, of kBenchFilters:
//   random          each item with the probability `selectivity`;
//   two_attributes  the items that have two attributes, each of the share
//                   √selectivity: one is drawn at random, the other is, as a
//                   genre would be, that of the items with the largest inner
//                   products with a random direction. Cells and regions of the
//                   graph are almost wholly in or out, and how many items are
//                   eligible is near what was asked for, not equal.
// The same for the same arguments.
BenchFilter MakeBenchFilter(const ItemVectors& vectors, const std::string& kind,
                            double selectivity);

}  // namespace marquee

#endif  // MARQUEE_TESTS_BENCH_BENCH_FILTER_H_
