#include "core/retrieval/graph_search.h"

#include <algorithm>
#include <cmath>

#include "core/simd/dot.h"

namespace marquee {
namespace {

bool Worse(const Candidate& a, const Candidate& b) { return Better(b, a); }

}  // namespace

GraphSearch::GraphSearch(const Graph& graph, const ItemVectors& vectors,
                         Options options)
    : graph_(graph), vectors_(vectors), options_(options), exact_(vectors) {}

void GraphSearch::Walk(const RetrievalQuery& query, size_t width,
                       RetrievalScratch& scratch) const {
  const size_t dimension = vectors_.dimension();
  const float* const values = vectors_.values().data();
  const MutableBitmap visited = scratch.visited.span();
  std::fill(visited.begin(), visited.end(), 0);
  TopK& results = scratch.results;
  results.Reset(width);
  std::vector<Candidate>& frontier = scratch.frontier;  // the best on top
  frontier.clear();

  const auto meet = [&](uint32_t title) {
    if (TestBit(visited, title)) return;
    SetBit(visited, title);
    const Candidate candidate{
        ItemRow{title},
        simd::Dot(query.vector.data(), values + title * dimension, dimension)};
    if (results.full() && !Better(candidate, results.Worst())) return;
    frontier.push_back(candidate);
    std::push_heap(frontier.begin(), frontier.end(), Worse);
    if (TestBit(query.eligible, title)) results.Push(candidate);
  };
  for (const uint32_t entry : graph_.entries()) meet(entry);
  while (!frontier.empty()) {
    const Candidate best = frontier.front();
    if (results.full() && !Better(best, results.Worst())) break;
    std::pop_heap(frontier.begin(), frontier.end(), Worse);
    frontier.pop_back();
    for (const uint32_t neighbor : graph_.Neighbors(Index(best.row))) {
      if (neighbor == kNoNeighbor) break;
      meet(neighbor);
    }
  }
}

size_t GraphSearch::Retrieve(const RetrievalQuery& query,
                             RetrievalScratch& scratch,
                             std::span<Candidate> out) const {
  if (query.k == 0) return 0;
  const float per_k = std::max(1.0f, options_.width_per_k * query.effort);
  const size_t width =
      static_cast<size_t>(std::ceil(per_k * static_cast<float>(query.k)));
  Walk(query, width, scratch);
  const size_t owed = std::min(query.k, query.eligible_count);
  if (scratch.results.size() < owed)
    return exact_.Retrieve(query, scratch, out);
  // `out` has room for k; the width beyond it is dropped from the worst end.
  scratch.results.ShrinkTo(query.k);
  return scratch.results.TakeSorted(out.data());
}

}  // namespace marquee
