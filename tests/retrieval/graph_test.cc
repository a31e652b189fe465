#include "core/retrieval/graph.h"

#include <cmath>
#include <memory>
#include <random>
#include <set>
#include <vector>

#include "core/retrieval/graph_builder.h"
#include "core/retrieval/graph_search.h"
#include "core/retrieval/recall.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/retrieval/small_index.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;

std::unique_ptr<const ArrayFile> FileOf(const GraphParts& parts) {
  auto out = *ArrayFileWriter::CreateInMemory();
  WriteGraph(parts, *out);
  return *out->FinishInMemory();
}

std::unique_ptr<const ArrayFile> VectorsOf(const std::vector<float>& values,
                                           size_t dimension) {
  auto out = *ArrayFileWriter::CreateInMemory();
  EXPECT_TRUE(WriteItemVectors(values, dimension, nullptr, *out).ok());
  return *out->FinishInMemory();
}

TEST(Graph, RefusesWhatPointsOutside) {
  const GraphParts good{.max_degree = 2,
                        .neighbors = {1, kNoNeighbor, 0, kNoNeighbor},
                        .entries = {0}};
  EXPECT_TRUE(Graph::Open(*FileOf(good), 2).ok());
  GraphParts bad = good;
  bad.neighbors[0] = 2;
  EXPECT_THAT(Graph::Open(*FileOf(bad), 2).status().message(),
              HasSubstr("title 0 has neighbour 2"));
  bad = good;
  bad.entries = {5};
  EXPECT_THAT(Graph::Open(*FileOf(bad), 2).status().message(),
              HasSubstr("names title 5"));
  bad = good;
  bad.entries.clear();  // then there is no graph, and there are no links
  EXPECT_THAT(Graph::Open(*FileOf(bad), 2).status().message(),
              HasSubstr("'neighbors' is not 0 lists"));
  bad.neighbors.clear();
  EXPECT_TRUE((*Graph::Open(*FileOf(bad), 2))->empty());
  for (const float width : {0.5f, 1e9f, std::nanf("")}) {
    bad = good;
    bad.width_per_k = width;
    EXPECT_THAT(Graph::Open(*FileOf(bad), 2).status().message(),
                HasSubstr("width_per_k"));
  }
  bad = good;
  bad.max_degree = 3;
  EXPECT_THAT(Graph::Open(*FileOf(bad), 2).status().message(),
              HasSubstr("lists of 3"));
  bad.max_degree = 1u << 30;
  EXPECT_THAT(Graph::Open(*FileOf(bad), 2).status().message(),
              HasSubstr("max_degree"));
}

// Whatever a file links, the walk ends and is lawful.
TEST(Graph, RandomLinksAndCyclesAreHarmless) {
  std::mt19937 random(5);
  constexpr size_t kTitles = 300;
  SmallIndex index(ClusteredVectors(kTitles, 4, 3), 4, 20);
  const CellScan exact(*index.vectors, *index.codes, *index.cells, {});
  RetrievalScratch scratch(kTitles);
  for (const uint32_t reach : {1u, 3u, 300u}) {
    GraphParts parts{.max_degree = 8, .entries = {7, 7, 7}};
    for (size_t i = 0; i < kTitles * 8; ++i) {
      parts.neighbors.push_back(random() % 5 == 0 ? kNoNeighbor
                                                  : random() % reach);
    }
    index.SetGraph(parts);
    const GraphSearch search(*index.graph, *index.vectors, *index.codes, exact,
                             {});
    for (const double selectivity : {0.0, 0.1, 1.0}) {
      const auto eligible = RandomEligible(kTitles, selectivity, 1);
      std::vector<Candidate> out(100);
      const size_t count =
          search.Retrieve({.vector = (*index.vectors)[ItemRow{0}],
                           .eligible = eligible,
                           .eligible_count = CountBits(eligible),
                           .k = 100},
                          scratch, out);
      EXPECT_EQ(count, std::min<size_t>(100, CountBits(eligible)));
      std::set<ItemRow> rows;
      for (const Candidate& c : std::span(out).first(count)) {
        EXPECT_TRUE(TestBit(eligible, Index(c.row)));
        EXPECT_TRUE(rows.insert(c.row).second) << "a title twice";
      }
    }
  }
}

TEST(GraphBuilder, OneThreadGivesTheSameGraphOnEveryRun) {
  std::mt19937 random(8);
  std::normal_distribution<float> normal;
  std::vector<float> values(500 * 8);
  for (float& v : values) v = normal(random);
  const auto file = VectorsOf(values, 8);
  const auto vectors = *ItemVectors::Open(*file);
  const auto first = *BuildGraph(*vectors, {.threads = 1});
  const auto second = *BuildGraph(*vectors, {.threads = 1});
  EXPECT_EQ(first.neighbors, second.neighbors);
  EXPECT_EQ(first.entries, second.entries);
}

TEST(GraphBuilder, TakesZeroVectorsOneTitleAndNone) {
  for (const size_t titles : {0, 1, 5}) {
    const auto file = VectorsOf(std::vector<float>(titles * 4, 0.0f), 4);
    const auto vectors = *ItemVectors::Open(*file);
    const auto parts = BuildGraph(*vectors, {.threads = 1});
    ASSERT_TRUE(parts.ok()) << parts.status();
    EXPECT_TRUE(Graph::Open(*FileOf(*parts), titles).ok());
  }
}

TEST(GraphBuilder, NamesAnOptionOutOfRange) {
  const auto file = VectorsOf({1, 2, 3, 4}, 4);
  const auto vectors = *ItemVectors::Open(*file);
  EXPECT_THAT(BuildGraph(*vectors, {.links = 1000}).status().message(),
              HasSubstr("4 to 128"));
  EXPECT_THAT(BuildGraph(*vectors, {.build_width = 1}).status().message(),
              HasSubstr("16 to 10000"));
}

}  // namespace
}  // namespace marquee
