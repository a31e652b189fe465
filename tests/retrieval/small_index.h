// The sections that retrieval reads, in memory, for tests.
#ifndef MARQUEE_TESTS_RETRIEVAL_SMALL_INDEX_H_
#define MARQUEE_TESTS_RETRIEVAL_SMALL_INDEX_H_

#include <cmath>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "core/retrieval/retrieval_index.h"
#include "offline/build/cell_builder.h"

namespace marquee {

// Clustered vectors of very different lengths, as matrix factorisation gives.
inline std::vector<float> ClusteredVectors(size_t count, size_t dimension,
                                           uint32_t seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> centres(40 * dimension);
  for (float& v : centres) v = normal(random);
  std::vector<float> values(count * dimension);
  for (size_t i = 0; i < count; ++i) {
    const size_t centre = random() % 40;
    const float length = std::exp(0.8f * normal(random));
    for (size_t j = 0; j < dimension; ++j) {
      values[i * dimension + j] =
          length * (centres[centre * dimension + j] + 0.6f * normal(random));
    }
  }
  return values;
}

template <typename Write>
std::unique_ptr<const ArrayFile> InMemory(Write write) {
  auto out = *ArrayFileWriter::CreateInMemory();
  write(*out);
  return *out->FinishInMemory();
}

// An owned index. Items are in the order of their cells, not of `unordered`.
struct SmallIndex {
  // `unordered`: [items × dimension]. Without a graph until SetGraph.
  SmallIndex(const std::vector<float>& unordered, size_t dimension,
             size_t items_per_cell, float stop_share = 0.02f) {
    const CellAssignment assignment =
        BuildCells(unordered, dimension, {.items_per_cell = items_per_cell});
    const std::vector<float> values =
        RowsInOrder(unordered, dimension, assignment.order);
    const size_t items = values.size() / dimension;
    files.push_back(InMemory([&](ArrayFileWriter& out) {
      WriteItemVectors(values, dimension, nullptr, out).IgnoreError();
    }));
    vectors = *ItemVectors::Open(*files.back());
    files.push_back(InMemory(
        [&](ArrayFileWriter& out) { WriteItemCodes(values, dimension, out); }));
    codes = *ItemCodes::Open(*files.back(), items, dimension);
    files.push_back(InMemory([&](ArrayFileWriter& out) {
      CellParts parts = DescribeCells(values, dimension, assignment.begins);
      parts.stop_share = stop_share;
      WriteItemCells(parts, out);
    }));
    cells = *ItemCells::Open(*files.back(), items, dimension);
    SetGraph({.max_degree = 1});
  }

  void SetGraph(const GraphParts& parts) {
    files.push_back(
        InMemory([&](ArrayFileWriter& out) { WriteGraph(parts, out); }));
    graph = *Graph::Open(*files.back(), vectors->size());
  }

  RetrievalIndex index() const { return {*vectors, *codes, *cells, *graph}; }

  std::vector<std::unique_ptr<const ArrayFile>> files;
  std::unique_ptr<const ItemVectors> vectors;
  std::unique_ptr<const ItemCodes> codes;
  std::unique_ptr<const ItemCells> cells;
  std::unique_ptr<const Graph> graph;
};

}  // namespace marquee

#endif  // MARQUEE_TESTS_RETRIEVAL_SMALL_INDEX_H_
