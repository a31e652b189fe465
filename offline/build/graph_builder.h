// Builds the neighbour graph (HNSW) with hnswlib. Only this file includes
// hnswlib.
#ifndef MARQUEE_OFFLINE_BUILD_GRAPH_BUILDER_H_
#define MARQUEE_OFFLINE_BUILD_GRAPH_BUILDER_H_

#include <cstddef>
#include <functional>

#include "absl/status/statusor.h"
#include "core/catalog/item_vectors.h"
#include "core/retrieval/graph.h"

namespace marquee {

struct GraphOptions {
  // Links per item on the upper levels, twice as many on level 0. Larger:
  // better recall, a larger and slower graph. 4 to 128.
  size_t links = 16;
  // Width of the search for neighbours during the build. Larger: better links,
  // a slower build.
  size_t build_width = 200;
  // 1 gives the same graph on every run; more threads give a graph of equal
  // quality. 0: all cores.
  size_t threads = 0;
  // Seed of the levels.
  uint64_t seed = 1;
  // Called from time to time with the number of items inserted, from one thread
  // at a time.
  std::function<void(size_t)> progress;
};

// Inner product is not a metric: an item with a long vector would be a
// neighbour of every item. Therefore the graph is built on augmented vectors.
// One extra coordinate, √(longest² − |v|²), gives all of them the same length,
// so that the nearest by angle are those with the largest inner product. Long
// vectors are inserted first. A query's extra coordinate is 0, so the search
// needs none of this. Source: Bachrach et al., "Speeding up the Xbox
// recommender system using a Euclidean transformation for inner-product
// spaces", RecSys 2014. Errors: InvalidArgument for options out of range;
// Internal for an exception of hnswlib.
absl::StatusOr<GraphParts> BuildGraph(const ItemVectors& vectors,
                                      const GraphOptions& options);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_BUILD_GRAPH_BUILDER_H_
