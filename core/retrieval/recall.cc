#include "core/retrieval/recall.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "core/catalog/bitmap.h"
#include "core/retrieval/exact_scan.h"
#include "core/retrieval/graph_search.h"

namespace marquee {
namespace {

std::vector<uint64_t> AllTitles(size_t titles) {
  std::vector<uint64_t> all(BitmapWords(titles), ~uint64_t{0});
  if (titles % 64 != 0) all.back() = (uint64_t{1} << (titles % 64)) - 1;
  return all;
}

}  // namespace

RecallSample MeasureRecall(const Graph& graph, const ItemVectors& items,
                           const UserVectors& users, size_t queries,
                           size_t depth) {
  queries = std::min(queries, users.size());
  depth = std::min(depth, items.size());
  const std::vector<uint64_t> all = AllTitles(items.size());
  const ExactScan exact(items);
  const GraphSearch search(graph, items, {});
  RetrievalScratch scratch(items.size());
  std::vector<float> vector(items.dimension());
  std::vector<Candidate> want(depth), got(depth);
  RecallSample sample;
  size_t hits = 0;
  size_t owed = 0;
  for (size_t q = 0; q < queries; ++q) {
    const uint64_t row = q * users.size() / queries;
    if (!users.Read(UserRow{static_cast<uint32_t>(row)}, vector)) continue;
    const RetrievalQuery query{.vector = vector,
                               .eligible = all,
                               .eligible_count = items.size(),
                               .k = depth};
    const size_t expected = exact.Retrieve(query, scratch, want);
    const size_t found = search.Retrieve(query, scratch, got);
    absl::flat_hash_set<uint32_t> rows;
    for (size_t i = 0; i < expected; ++i) rows.insert(Index(want[i].row));
    for (size_t i = 0; i < found; ++i)
      hits += rows.contains(Index(got[i].row)) ? 1 : 0;
    owed += expected;
    ++sample.queries;
  }
  if (owed > 0)
    sample.recall = static_cast<double>(hits) / static_cast<double>(owed);
  return sample;
}

}  // namespace marquee
