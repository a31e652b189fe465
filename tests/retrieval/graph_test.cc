#include "core/retrieval/graph.h"

#include <cfloat>
#include <cmath>
#include <memory>
#include <random>
#include <set>
#include <vector>

#include "core/retrieval/graph_search.h"
#include "core/retrieval/recall.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "offline/build/graph_builder.h"
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
              HasSubstr("item 0 has neighbour 2"));
  bad = good;
  bad.entries = {5};
  EXPECT_THAT(Graph::Open(*FileOf(bad), 2).status().message(),
              HasSubstr("names item 5"));
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
class HostileGraph : public ::testing::Test {
 protected:
  static constexpr uint32_t kItems = 20000;
  static constexpr size_t kFound = 100;

  HostileGraph()
      : index_(ClusteredVectors(kItems, 8, 3), 8, 100), scratch_(kItems) {}

  // Lists of links to the first `reach` items, of which some end early.
  GraphParts RandomLinks(uint32_t reach, size_t entries) {
    GraphParts parts{.max_degree = 8};
    for (size_t i = 0; i < entries; ++i) {
      parts.entries.push_back(random_() % kItems);
    }
    parts.entries.push_back(parts.entries.front());
    for (size_t i = 0; i < size_t{kItems} * 8; ++i) {
      parts.neighbors.push_back(random_() % 20 == 0 ? kNoNeighbor
                                                    : random_() % reach);
    }
    return parts;
  }

  void ExpectLawful(const ItemCodes& codes, double selectivity) {
    const CellScan exact(*index_.vectors, codes, *index_.cells, {});
    const GraphSearch search(*index_.graph, *index_.vectors, codes, exact, {});
    const auto eligible = RandomEligible(kItems, selectivity, 1);
    const size_t eligible_count = CountBits(eligible);
    std::vector<Candidate> out(kFound);
    const size_t count =
        search.Retrieve({.vector = (*index_.vectors)[ItemRow{5}],
                         .eligible = eligible,
                         .eligible_count = eligible_count,
                         .k = kFound},
                        scratch_, out);
    EXPECT_EQ(count, std::min(kFound, eligible_count));
    std::set<ItemRow> rows;
    for (const Candidate& c : std::span(out).first(count)) {
      EXPECT_TRUE(TestBit(eligible, Index(c.row)));
      EXPECT_TRUE(rows.insert(c.row).second) << "an item twice";
    }
  }

  std::mt19937 random_{5};
  SmallIndex index_;
  RetrievalScratch scratch_;
};

TEST_F(HostileGraph, RandomLinksAndCyclesAreHarmless) {
  for (const uint32_t reach : {1u, 3u, 500u, kItems}) {
    for (const size_t entries : {1, 50}) {
      index_.SetGraph(RandomLinks(reach, entries));
      for (const double selectivity : {0.0, 0.01, 0.1, 1.0}) {
        ExpectLawful(*index_.codes, selectivity);
      }
    }
  }
}

TEST_F(HostileGraph, RandomCodesAndScalesAreHarmless) {
  index_.SetGraph(RandomLinks(kItems, 50));
  const auto file = InMemory([&](ArrayFileWriter& out) {
    std::vector<uint8_t> codes(size_t{kItems} * 64);
    for (uint8_t& code : codes) code = static_cast<uint8_t>(random_());
    std::vector<float> scales(kItems);
    const float kScales[] = {0, FLT_MIN, 1, ItemVectors::kMaxValue};
    for (float& scale : scales) scale = kScales[random_() % 4];
    out.Add<uint8_t>("codes", codes);
    out.Add<float>("scales", scales);
  });
  const auto codes = *ItemCodes::Open(*file, kItems, 8);
  for (const double selectivity : {0.0, 0.1, 1.0}) {
    ExpectLawful(*codes, selectivity);
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

TEST(GraphBuilder, TakesZeroVectorsOneItemAndNone) {
  for (const size_t items : {0, 1, 5}) {
    const auto file = VectorsOf(std::vector<float>(items * 4, 0.0f), 4);
    const auto vectors = *ItemVectors::Open(*file);
    const auto parts = BuildGraph(*vectors, {.threads = 1});
    ASSERT_TRUE(parts.ok()) << parts.status();
    EXPECT_TRUE(Graph::Open(*FileOf(*parts), items).ok());
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
