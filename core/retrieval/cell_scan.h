// The engine that serves. It scans the codes of the cells nearest to the query
// until they yield few new candidates, then computes the best exactly.
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
  std::span<Candidate> out;             // also of this query alone
  size_t found = 0;
};

// Takes cells in the order of their centers' inner product with the query (plus
// kDeviations), in batches. A batch is a quarter of the cells before it. The
// scan ends after a batch that brings fewer than a given share of the
// candidates. This rule needs no tuning for filters: if few items are eligible,
// every batch brings some, and the scan goes on. At the latest it ends after
// all cells, which is exact except for the rounding of the codes. Time is
// proportional to the eligible items of the scanned cells. All references must
// outlive the engine. Immutable after construction.
class CellScan final : public Retriever {
 public:
  // A cell counts as better than its center by this many deviations of its
  // items. Where lengths vary, the best items are in cells that spread.
  static constexpr float kDeviations = 1.5f;

  struct Options {
    // The scan ends after a batch that brings less than this share of the
    // candidates. Larger: faster, lower recall. 0: scans all cells.
    float stop_share = 0;
    // Candidates that are computed exactly, as a multiple of k. Makes up for
    // the rounding of the codes. Larger: slower, better recall.
    float keep_per_k = 1.2f;
    // For metrics: "exact" or "cells".
    absl::string_view name = "cells";
    simd::Isa isa = simd::BestIsa();
  };

  CellScan(const ItemVectors& vectors, const ItemCodes& codes,
           const ItemCells& cells, const Options& options);

  size_t Retrieve(const RetrievalQuery& query, RetrievalScratch& scratch,
                  std::span<Candidate> out) const override;
  // Answers all queries in one pass over the codes of all cells. Ignores the
  // stop share and the queries' effort: each query gets in `out` and `found`
  // exactly the result of Retrieve with a stop share of 0. The codes are larger
  // than the caches, and the pass reads them once for all queries instead of
  // once for each. So a query costs less than alone if many items are eligible,
  // but each waits for the whole pass. Requires: for every query, the
  // requirements of Retrieve; no two share `scratch` or `out`.
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
