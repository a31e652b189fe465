#include "core/retrieval/cell_scan.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "core/simd/dot.h"

namespace marquee {
namespace {

constexpr size_t kFirstBatch = 16;
constexpr size_t kGrowth = 4;  // a batch is a quarter of the cells before it
// The order of cells is needed as far as the scan goes, which is not far.
constexpr size_t kFirstOrdered = 256;

}  // namespace

// One query.
class CellScan::Run {
 public:
  Run(const CellScan& engine, const RetrievalQuery& query,
      RetrievalScratch& scratch)
      : engine_(engine), query_(query), scratch_(scratch) {
    const size_t stride = engine.codes_.matrix().stride;
    if (scratch.query_code.size() != stride) {
      scratch.query_code = AlignedBuffer<int8_t>(stride);
    }
    simd::EncodeQuery(query.vector, scratch.query_code.span());
    scratch.best.Reset(Keep());
  }

  size_t Retrieve(std::span<Candidate> out) {
    const float stop_share = engine_.options_.stop_share;
    // Hardly more than is asked for: every cell will be needed.
    const bool few = query_.eligible_count <= 4 * query_.k;
    if (stop_share <= 0 || few) {
      ScanRows(0, static_cast<uint32_t>(engine_.codes_.size()));
    } else {
      ScanCells(stop_share / std::max(query_.effort, 0.01f));
    }
    scratch_.best.Settle();
    return Refine(out);
  }

 private:
  size_t Keep() const {
    const float keep =
        std::ceil(engine_.options_.keep_per_k * static_cast<float>(query_.k));
    return std::max(query_.k, static_cast<size_t>(keep));
  }

  void ScanRows(uint32_t begin, uint32_t end) {
    CodeTopK& best = scratch_.best;
    constexpr auto kStep = static_cast<uint32_t>(CodeTopK::kStep);
    for (uint32_t at = begin; at < end; at += kStep) {
      best.Add(engine_.scan_(engine_.codes_.matrix(),
                             scratch_.query_code.data(), at,
                             std::min(end, at + kStep), query_.eligible.data(),
                             best.threshold(), best.Room()));
    }
  }

  void ScanCells(float stop_share) {
    ScoreCells();
    const ItemCells& cells = engine_.cells_;
    const auto enough =
        static_cast<size_t>(std::ceil(stop_share * static_cast<float>(Keep())));
    for (size_t at = 0; at < cells.size();) {
      const size_t batch = std::max(kFirstBatch, at / kGrowth);
      const size_t end = std::min(cells.size(), at + batch);
      OrderCells(end);
      for (; at < end; ++at) {
        const uint32_t cell = CodeTopK::RowOf(scratch_.cells[at]);
        ScanRows(cells.begin(cell), cells.end(cell));
      }
      const size_t brought = scratch_.best.Settle();
      if (scratch_.best.size() == Keep() && brought < enough) return;
    }
  }

  // As keys of CodeTopK, whose rows are cells.
  void ScoreCells() {
    const ItemCells& cells = engine_.cells_;
    CodeTopK& keys = scratch_.cell_keys;
    keys.Reset(std::max<size_t>(cells.size(), 1));
    constexpr auto kStep = static_cast<uint32_t>(CodeTopK::kStep);
    const auto count = static_cast<uint32_t>(cells.size());
    if (scratch_.all_cells.size() * 64 < count) {
      scratch_.all_cells.assign(BitmapWords(count), ~uint64_t{0});
    }
    for (uint32_t at = 0; at < count; at += kStep) {
      keys.Add(
          engine_.scan_(cells.centers(), scratch_.query_code.data(), at,
                        std::min(count, at + kStep), scratch_.all_cells.data(),
                        -std::numeric_limits<float>::infinity(), keys.Room()));
    }
    scratch_.cells.assign(keys.keys().begin(), keys.keys().end());
    ordered_ = 0;
  }

  // Makes the first `end` cells the best `end`, best first.
  void OrderCells(size_t end) {
    if (end <= ordered_) return;
    std::vector<uint64_t>& cells = scratch_.cells;
    const auto at = [&](size_t i) {
      return cells.begin() + static_cast<ptrdiff_t>(i);
    };
    const size_t more =
        std::min(cells.size(), std::max({end, kFirstOrdered, 4 * ordered_}));
    if (more < cells.size()) {
      std::nth_element(at(ordered_), at(more), cells.end(), std::greater<>());
    }
    std::sort(at(ordered_), at(more), std::greater<>());
    ordered_ = more;
  }

  size_t Refine(std::span<Candidate> out) {
    const ItemVectors& vectors = engine_.vectors_;
    const CodeTopK& best = scratch_.best;
    std::vector<Candidate>& refined = scratch_.frontier;
    refined.clear();
    constexpr size_t kAhead = 8;
    const size_t lines = (vectors.dimension() + 15) / 16;
    const auto prefetch = [&](size_t i) {
      if (i >= best.size()) return;
      const float* const vector = vectors[ItemRow{best.row(i)}].data();
      for (size_t line = 0; line < lines; ++line) {
        __builtin_prefetch(vector + line * 16);
      }
    };
    for (size_t i = 0; i < kAhead; ++i) prefetch(i);
    for (size_t i = 0; i < best.size(); ++i) {
      prefetch(i + kAhead);
      const ItemRow row{best.row(i)};
      refined.push_back(
          {row, simd::Dot(query_.vector.data(), vectors[row].data(),
                          vectors.dimension())});
    }
    const size_t count = std::min(query_.k, refined.size());
    const auto end = refined.begin() + static_cast<ptrdiff_t>(count);
    if (end != refined.end()) {
      std::nth_element(refined.begin(), end, refined.end(), Better);
    }
    std::sort(refined.begin(), end, Better);
    std::copy(refined.begin(), end, out.begin());
    return count;
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
  if (query.k == 0 || query.eligible_count == 0) return 0;
  return Run(*this, query, scratch).Retrieve(out);
}

}  // namespace marquee
