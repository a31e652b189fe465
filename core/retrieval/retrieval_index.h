// The sections of a snapshot that retrieval reads.
#ifndef MARQUEE_CORE_RETRIEVAL_RETRIEVAL_INDEX_H_
#define MARQUEE_CORE_RETRIEVAL_RETRIEVAL_INDEX_H_

#include "core/catalog/item_vectors.h"
#include "core/retrieval/graph.h"
#include "core/retrieval/item_cells.h"
#include "core/retrieval/item_codes.h"

namespace marquee {

// Views of the same items in the same order. The viewed objects must outlive
// the owner of this struct.
struct RetrievalIndex {
  const ItemVectors& vectors;
  const ItemCodes& codes;
  const ItemCells& cells;
  const Graph& graph;  // without links, there is no graph engine
};

}  // namespace marquee

#endif  // MARQUEE_CORE_RETRIEVAL_RETRIEVAL_INDEX_H_
