// Builds the neighbour graph with hnswlib; the one place that includes it.
#ifndef MARQUEE_OFFLINE_BUILD_GRAPH_BUILDER_H_
#define MARQUEE_OFFLINE_BUILD_GRAPH_BUILDER_H_

#include <cstddef>
#include <functional>

#include "absl/status/statusor.h"
#include "core/catalog/item_vectors.h"
#include "core/retrieval/graph.h"

namespace marquee {

struct GraphOptions {
  // Links a title on the upper levels, twice as many on level 0. More: better
  // recall, a larger and slower graph. 4 to 128.
  size_t links = 16;
  // Width of the search for neighbours while building. More: better links, a
  // slower build.
  size_t build_width = 200;
  // 1 gives the same graph on every run; more threads give one of equal
  // quality. 0: all cores.
  size_t threads = 0;
  // Of the levels.
  uint64_t seed = 1;
  // Called now and then with the number of titles inserted, from one thread at
  // a time.
  std::function<void(size_t)> progress;
};

// Inner product is not a metric: a title with a long vector would be a
// neighbour of everything. The graph is therefore built on vectors that one
// extra coordinate, √(longest² − |v|²), brings to the same length, where the
// nearest by angle are those with the largest inner product; long vectors are
// inserted first. A query's extra coordinate is 0, so the search needs none of
// this. (Bachrach et al., "Speeding up the Xbox recommender system using a
// Euclidean transformation for inner-product spaces", RecSys 2014.) Errors:
// InvalidArgument for options out of range; Internal for what hnswlib throws.
absl::StatusOr<GraphParts> BuildGraph(const ItemVectors& vectors,
                                      const GraphOptions& options);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_BUILD_GRAPH_BUILDER_H_
