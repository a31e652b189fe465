// The engine that serves: scans the codes of the cells nearest to the query
// until they yield nothing new, then computes the best exactly.
#ifndef MARQUEE_CORE_RETRIEVAL_CELL_SCAN_H_
#define MARQUEE_CORE_RETRIEVAL_CELL_SCAN_H_

#include <cstddef>
#include <span>

#include "absl/strings/string_view.h"
#include "core/catalog/item_vectors.h"
#include "core/retrieval/item_cells.h"
#include "core/retrieval/item_codes.h"
#include "core/retrieval/retriever.h"

namespace marquee {

// One of the queries that share a pass.
struct SharedQuery {
  RetrievalQuery query;
  RetrievalScratch* scratch = nullptr;  // of this query alone
  std::span<Candidate> out;             // likewise
  size_t found = 0;
};

// Cells are taken in the order of their centers' inner product with the query,
// in batches that grow by a quarter; the scan ends after a batch that brought
// fewer than a given share of the candidates. The rule needs no tuning for
// filters: where few titles are eligible every batch still brings some, and the
// scan goes on, in the end to all cells, which is exact but for the rounding of
// the codes. Time is proportional to the eligible titles of the cells that were
// scanned. All references must outlive it. Immutable after construction.
class CellScan final : public Retriever {
 public:
  // By how many deviations of its titles a cell is better than its center:
  // where lengths vary, the best titles are those of cells that spread.
  static constexpr float kDeviations = 1.5f;

  struct Options {
    // The scan ends after a batch of which less than this share of the
    // candidates is new. More: faster, lower recall. 0: all cells.
    float stop_share = 0;
    // Candidates that are computed exactly, as a multiple of k: makes up for
    // the rounding of the codes.
    float keep_per_k = 1.2f;
    // "exact" or "cells", for metrics.
    absl::string_view name = "cells";
    simd::Isa isa = simd::BestIsa();
  };

  CellScan(const ItemVectors& vectors, const ItemCodes& codes,
           const ItemCells& cells, const Options& options);

  size_t Retrieve(const RetrievalQuery& query, RetrievalScratch& scratch,
                  std::span<Candidate> out) const override;
  // Answers all queries in one pass over the codes of all cells, whatever the
  // stop share and the queries' effort: each writes to its `out` and sets
  // `found` exactly as Retrieve does at a stop share of 0. The codes, which are
  // larger than the caches, are read once for all queries instead of once for
  // each, so a query costs less than alone where many titles are eligible; each
  // waits for the whole pass. Requires: of every query, what Retrieve requires;
  // no two share scratch or `out`.
  void RetrieveTogether(std::span<SharedQuery> queries) const;
  absl::string_view name() const override { return options_.name; }

 private:
  class Search;

  const ItemVectors& vectors_;
  const ItemCodes& codes_;
  const ItemCells& cells_;
  const Options options_;
  const simd::CodeScan scan_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_RETRIEVAL_CELL_SCAN_H_
