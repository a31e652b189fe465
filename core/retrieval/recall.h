// How much of the exact answer the graph finds, measured on the users' own
// vectors.
#ifndef MARQUEE_CORE_RETRIEVAL_RECALL_H_
#define MARQUEE_CORE_RETRIEVAL_RECALL_H_

#include <cstddef>

#include "core/retrieval/graph.h"
#include "core/retrieval/item_vectors.h"
#include "core/retrieval/user_vectors.h"

namespace marquee {

struct RecallSample {
  double recall = 1;  // share of the exact best `depth` that the graph finds; 1
                      // without queries
  size_t queries = 0;  // users that were asked for
};

// Searches for the best `depth` of all titles with the vectors of up to
// `queries` users, taken at equal distances, by graph search with its default
// width and by exact scan.
RecallSample MeasureRecall(const Graph& graph, const ItemVectors& items,
                           const UserVectors& users, size_t queries,
                           size_t depth);

}  // namespace marquee

#endif  // MARQUEE_CORE_RETRIEVAL_RECALL_H_
