#include "core/retrieval/cell_scan.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "core/retrieval/rescore.h"

namespace marquee {
namespace {

constexpr auto kStep = static_cast<uint32_t>(CodeTopK::kStep);
constexpr size_t kFirstBatch = 16;
constexpr size_t kGrowth = 4;  // a batch is a quarter of the cells before it
// The order of cells is needed only as far as the scan goes, which is not far.
constexpr size_t kFirstOrdered = 256;

bool WantsNothing(const RetrievalQuery& query) {
  return query.k == 0 || query.eligible_count == 0;
}

}  // namespace

// One query. Its state between calls is in the scratch memory. Call in this
// order: Begin, any number of scans, Finish.
class CellScan::Search {
 public:
  Search(const CellScan& engine, const RetrievalQuery& query,
         RetrievalScratch& scratch)
      : engine_(engine), query_(query), scratch_(scratch) {}

  void Begin() {
    const size_t stride = engine_.codes_.matrix().stride;
    if (scratch_.query_code.size() != stride) {
      scratch_.query_code = AlignedBuffer<int8_t>(stride);
    }
    simd::EncodeQuery(query_.vector, scratch_.query_code.span());
    scratch_.best.Reset(Keep());
  }

  void Scan() {
    const float stop_share = engine_.options_.stop_share;
    // Hardly more items are eligible than wanted: every cell will be needed.
    const bool few = query_.eligible_count <= 4 * query_.k;
    if (stop_share <= 0 || few) {
      ScanRows(0, static_cast<uint32_t>(engine_.codes_.size()));
    } else {
      ScanCells(stop_share / std::max(query_.effort, 0.01f));
    }
  }

  // Scans the eligible rows of [begin, end).
  void ScanRows(uint32_t begin, uint32_t end) {
    for (uint32_t at = begin; at < end; at += kStep) {
      ScanStep(at, std::min(end, at + kStep));
    }
  }

  // Scans the eligible rows of [begin, end), at most kStep.
  void ScanStep(uint32_t begin, uint32_t end) {
    CodeTopK& best = scratch_.best;
    best.Add(engine_.scan_(engine_.codes_.matrix(), scratch_.query_code.data(),
                           begin, end, query_.eligible.data(), best.threshold(),
                           best.Room()));
  }

  size_t Finish(std::span<Candidate> out) {
    scratch_.best.Settle();
    return Rescore(engine_.vectors_, query_.vector, scratch_.best.keys(),
                   query_.k, scratch_.rescored, out);
  }

 private:
  size_t Keep() const {
    const float keep =
        std::ceil(engine_.options_.keep_per_k * static_cast<float>(query_.k));
    return std::max(query_.k, static_cast<size_t>(keep));
  }

  void ScanCells(float stop_share) {
    ScoreCells();
    const ItemCells& cells = engine_.cells_;
    const auto enough =
        static_cast<size_t>(std::ceil(stop_share * static_cast<float>(Keep())));
    for (size_t at = 0; at < cells.size();) {
      // Growing batches: few Settles, and from 64 cells on the batch that turns
      // out to bring little is at most a fifth of what was scanned.
      const size_t batch = std::max(kFirstBatch, at / kGrowth);
      const size_t end = std::min(cells.size(), at + batch);
      OrderCells(end);
      for (; at < end; ++at) {
        const uint32_t cell = CellAt(at);
        ScanRows(cells.begin(cell), cells.end(cell));
      }
      const size_t brought = scratch_.best.Settle();
      // Not before it is full: an engine owes min(k, eligible) items.
      if (scratch_.best.size() == Keep() && brought < enough) return;
    }
  }

  uint32_t CellAt(size_t i) const {
    return CodeTopK::RowOf(scratch_.cells.order[i]);
  }

  // Scores cells as keys of CodeTopK, whose rows are cells. The score is that
  // of a cell's good items, not of its average.
  void ScoreCells() {
    const ItemCells& cells = engine_.cells_;
    const auto count = static_cast<uint32_t>(cells.size());
    CellScratch& scratch = scratch_.cells;
    scratch.rows.resize(count + simd::kCodeGroup);
    scratch.scores.resize(count + simd::kCodeGroup);
    if (scratch.all.size() * 64 < count) {
      scratch.all.assign(BitmapWords(count), ~uint64_t{0});
    }
    engine_.scan_(cells.centers(), scratch_.query_code.data(), 0, count,
                  scratch.all.data(), -std::numeric_limits<float>::infinity(),
                  {scratch.rows.data(), scratch.scores.data()});
    // The scale of the query is left out of all scores, because it changes no
    // order. So a deviation is measured in the length of the code.
    const float deviations = kDeviations * QueryLength();
    scratch.order.clear();
    for (uint32_t i = 0; i < count; ++i) {
      const uint32_t cell = scratch.rows[i];
      scratch.order.push_back(CodeTopK::KeyOf(
          cell, scratch.scores[i] + deviations * cells.spreads()[cell]));
    }
    ordered_ = 0;
  }

  // The length of the coded query.
  float QueryLength() const {
    int64_t square = 0;
    for (const int8_t x : scratch_.query_code.span()) square += x * x;
    return std::sqrt(static_cast<float>(square));
  }

  // Sorts the cells so that the first `end` are the best `end`, best first.
  void OrderCells(size_t end) {
    if (end <= ordered_) return;
    std::vector<uint64_t>& cells = scratch_.cells.order;
    const auto at = [&](size_t i) {
      return cells.begin() + static_cast<ptrdiff_t>(i);
    };
    // Keys are unique, so the order is the same on every run.
    const size_t more =
        std::min(cells.size(), std::max({end, kFirstOrdered, 4 * ordered_}));
    if (more < cells.size()) {
      std::nth_element(at(ordered_), at(more), cells.end(), std::greater<>());
    }
    std::sort(at(ordered_), at(more), std::greater<>());
    ordered_ = more;
  }

  const CellScan& engine_;
  const RetrievalQuery& query_;
  RetrievalScratch& scratch_;
  size_t ordered_ = 0;
};

CellScan::CellScan(const ItemVectors& vectors, const ItemCodes& codes,
                   const ItemCells& cells, const Options& options)
    : vectors_(vectors),
      codes_(codes),
      cells_(cells),
      options_(options),
      scan_(simd::CodeScanFor(options.isa)) {}

size_t CellScan::Retrieve(const RetrievalQuery& query,
                          RetrievalScratch& scratch,
                          std::span<Candidate> out) const {
  if (WantsNothing(query)) return 0;
  Search search(*this, query, scratch);
  search.Begin();
  search.Scan();
  return search.Finish(out);
}

void CellScan::RetrieveTogether(std::span<SharedQuery> queries) const {
  const auto for_each = [&](auto act) {
    for (SharedQuery& shared : queries) {
      if (WantsNothing(shared.query)) continue;
      act(shared, Search(*this, shared.query, *shared.scratch));
    }
  };
  for (SharedQuery& shared : queries) shared.found = 0;
  for_each([](SharedQuery&, Search search) { search.Begin(); });
  // A step of codes (64 KB at 64 dimensions) is in the cache for all queries
  // but the first.
  const auto rows = static_cast<uint32_t>(codes_.size());
  for (uint32_t at = 0; at < rows; at += kStep) {
    const uint32_t end = std::min(rows, at + kStep);
    for_each([&](SharedQuery&, Search search) { search.ScanStep(at, end); });
  }
  for_each([](SharedQuery& shared, Search search) {
    shared.found = search.Finish(shared.out);
  });
}

}  // namespace marquee
