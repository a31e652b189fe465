// The interface of the first stage: finds the k eligible items with the largest
// inner product with the user's vector.
//
//   RetrievalScratch scratch(items);  // one per worker
//   const size_t found = retriever.Retrieve(query, scratch, candidates);
#ifndef MARQUEE_CORE_RETRIEVAL_RETRIEVER_H_
#define MARQUEE_CORE_RETRIEVAL_RETRIEVER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/base/aligned_buffer.h"
#include "core/catalog/bitmap.h"
#include "core/catalog/candidate.h"
#include "core/retrieval/code_top_k.h"
#include "core/retrieval/score_buckets.h"
#include "core/retrieval/top_k.h"

namespace marquee {

struct RetrievalQuery {
  std::span<const float> vector;  // [dimension]
  // One bit for each item with a vector; only items with a set bit are
  // returned.
  BitmapView eligible;
  size_t eligible_count = 0;  // set bits of `eligible`
  size_t k = 500;
  // 1: the quality that the engine was set up for. Smaller: faster and worse,
  // for a request that is short of time. An engine that can save nothing
  // ignores it.
  float effort = 1;
};

// The memory of a scan of cells.
struct CellScratch {
  std::vector<uint32_t> rows;
  std::vector<float> scores;
  std::vector<uint64_t> order;  // keys of CodeTopK, partly in order
  std::vector<uint64_t> all;    // bitmap
};

// The memory of a walk over the graph.
struct WalkScratch {
  std::vector<uint32_t> met;
  std::vector<float> scores;
  std::vector<uint64_t> keys;
  ScoreBuckets buckets;
};

// Working memory of one worker. Externally synchronised.
struct RetrievalScratch {
  explicit RetrievalScratch(size_t items) : visited(BitmapWords(items)) {}

  TopK results;
  AlignedBuffer<int8_t> query_code;
  std::vector<uint64_t> rescored;
  CodeTopK best;
  CellScratch cells;
  AlignedBuffer<uint64_t> visited;
  WalkScratch walk;
};

// Immutable after construction.
class Retriever {
 public:
  virtual ~Retriever() = default;

  // Writes min(query.k, query.eligible_count) candidates into `out`, best first
  // (see Better), with exact inner products, and returns their number. An
  // engine may miss some of the true best. It never returns an item that is not
  // eligible and never returns fewer. Requires: out.size() >= query.k; the
  // vector is finite.
  virtual size_t Retrieve(const RetrievalQuery& query,
                          RetrievalScratch& scratch,
                          std::span<Candidate> out) const = 0;

  // The name for metrics, traces and configuration: "exact", "graph", …
  virtual absl::string_view name() const = 0;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_RETRIEVAL_RETRIEVER_H_
