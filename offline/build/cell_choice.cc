#include "offline/build/cell_choice.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <iterator>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "core/retrieval/cell_scan.h"
#include "core/simd/dot.h"

namespace marquee {
namespace {

// Returns the cells, the most promising first, in CellScan's order.
std::vector<uint32_t> OrderOfCells(const CellParts& cells,
                                   std::span<const float> query) {
  const size_t dimension = query.size();
  const float length = simd::Length(query.data(), dimension);
  std::vector<float> scores;
  for (size_t c = 0; c < cells.spreads.size(); ++c) {
    const float* const center = cells.centers.data() + c * dimension;
    scores.push_back(simd::Dot(query.data(), center, dimension) +
                     CellScan::kDeviations * length * cells.spreads[c]);
  }
  std::vector<uint32_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
  });
  return order;
}

// Reads cells in their order until they hold `share` of the best `depth` items.
// Returns the number of items in the cells that were read.
size_t ScannedFor(const std::vector<float>& ordered, const CellParts& cells,
                  std::span<const float> query, size_t depth, double share) {
  const size_t dimension = query.size();
  std::vector<float> scores;
  for (size_t at = 0; at < ordered.size(); at += dimension) {
    scores.push_back(simd::Dot(query.data(), ordered.data() + at, dimension));
  }
  std::vector<float> best = scores;
  depth = std::min(depth, best.size());
  const auto last = best.begin() + static_cast<ptrdiff_t>(depth) - 1;
  std::nth_element(best.begin(), last, best.end(), std::greater<>());
  const auto wanted = share * static_cast<double>(depth);
  size_t scanned = 0;
  size_t found = 0;
  for (const uint32_t cell : OrderOfCells(cells, query)) {
    const uint32_t begin = cells.begins[cell];
    const uint32_t end = cells.begins[cell + 1];
    found += static_cast<size_t>(
        std::count_if(scores.begin() + begin, scores.begin() + end,
                      [&](float score) { return score >= *last; }));
    scanned += end - begin;
    if (static_cast<double>(found) >= wanted) break;
  }
  return scanned;
}

}  // namespace

double ItemsScanned(std::span<const float> values, size_t dimension,
                    const CellAssignment& cells, std::span<const float> queries,
                    size_t depth, double share) {
  if (values.empty() || queries.empty()) return 0;
  const std::vector<float> ordered =
      RowsInOrder(values, dimension, cells.order);
  const CellParts parts = DescribeCells(ordered, dimension, cells.begins);
  size_t scanned = 0;
  for (size_t at = 0; at < queries.size(); at += dimension) {
    scanned += ScannedFor(ordered, parts, queries.subspan(at, dimension), depth,
                          share);
  }
  return static_cast<double>(scanned) /
         static_cast<double>(queries.size() / dimension);
}

CellAssignment ChooseCells(std::span<const float> values, size_t dimension,
                           const CellDemand& demand,
                           const CellOptions& options) {
  constexpr double kLengthPowers[] = {0, 2};
  constexpr size_t kWays = std::size(kLengthPowers);
  CellAssignment best;
  double least = std::numeric_limits<double>::infinity();
  for (size_t i = 0; i < kWays; ++i) {
    CellOptions way = options;
    way.length_power = kLengthPowers[i];
    if (options.progress) {
      way.progress = [&](double share) {
        options.progress((static_cast<double>(i) + share) / kWays);
      };
    }
    CellAssignment cells = BuildCells(values, dimension, way);
    const double scanned = ItemsScanned(
        values, dimension, cells, demand.queries, demand.depth, demand.share);
    if (scanned < least) {
      best = std::move(cells);
      least = scanned;
    }
  }
  return best;
}

}  // namespace marquee
