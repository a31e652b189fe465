#include "core/retrieval/retriever.h"

#include <algorithm>
#include <memory>
#include <random>
#include <set>
#include <vector>

#include "core/retrieval/cell_scan.h"
#include "core/retrieval/exact_scan.h"
#include "core/retrieval/graph_search.h"
#include "core/simd/dot.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "offline/build/graph_builder.h"
#include "tests/retrieval/small_index.h"

namespace marquee {
namespace {

constexpr size_t kItems = 4000;
constexpr size_t kDimension = 24;

std::vector<float> Queries(size_t count, uint32_t seed) {
  return ClusteredVectors(count, kDimension, seed);
}

class RetrieverTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    index_ = std::make_unique<SmallIndex>(
        ClusteredVectors(kItems, kDimension, 1), kDimension, 40);
    const auto parts = BuildGraph(
        *index_->vectors, {.links = 12, .build_width = 100, .threads = 1});
    ASSERT_TRUE(parts.ok()) << parts.status();
    index_->SetGraph(*parts);
    vectors_ = index_->vectors.get();
    exact_ = std::make_unique<CellScan>(Cells(0));
  }
  static void TearDownTestSuite() {
    exact_.reset();
    index_.reset();
  }

  static CellScan Cells(float stop_share, simd::Isa isa = simd::BestIsa()) {
    return CellScan(*index_->vectors, *index_->codes, *index_->cells,
                    {.stop_share = stop_share, .isa = isa});
  }
  static GraphSearch Walk(simd::Isa isa = simd::BestIsa()) {
    return GraphSearch(*index_->graph, *index_->vectors, *index_->codes,
                       *exact_, {.width_per_k = 1.3f, .isa = isa});
  }

  // Sorts everything: the obvious way.
  static std::vector<Candidate> Oracle(std::span<const float> query,
                                       BitmapView eligible, size_t k) {
    std::vector<Candidate> all;
    for (uint32_t row = 0; row < kItems; ++row) {
      if (!TestBit(eligible, row)) continue;
      all.push_back({ItemRow{row},
                     simd::Dot(query.data(), (*vectors_)[ItemRow{row}].data(),
                               kDimension)});
    }
    std::sort(all.begin(), all.end(), Better);
    all.resize(std::min(k, all.size()));
    return all;
  }

  static std::vector<uint64_t> RandomEligible(double share, uint32_t seed) {
    std::mt19937 random(seed);
    std::vector<uint64_t> bits(BitmapWords(kItems), 0);
    for (uint32_t row = 0; row < kItems; ++row) {
      if (random() < share * 4294967296.0) SetBit(bits, row);
    }
    return bits;
  }

  static std::vector<Candidate> Run(const Retriever& retriever,
                                    std::span<const float> query,
                                    BitmapView eligible, size_t k) {
    std::vector<Candidate> out(k);
    out.resize(retriever.Retrieve({.vector = query,
                                   .eligible = eligible,
                                   .eligible_count = CountBits(eligible),
                                   .k = k},
                                  scratch_, out));
    return out;
  }

  static std::vector<ItemRow> Rows(const std::vector<Candidate>& list) {
    std::vector<ItemRow> rows;
    for (const Candidate& candidate : list) rows.push_back(candidate.row);
    return rows;
  }

  static double Recall(const std::vector<Candidate>& got,
                       const std::vector<Candidate>& want) {
    if (want.empty()) return 1;
    std::set<ItemRow> rows;
    for (const Candidate& c : want) rows.insert(c.row);
    const auto hit = [&](const Candidate& c) { return rows.count(c.row) > 0; };
    return static_cast<double>(std::count_if(got.begin(), got.end(), hit)) /
           static_cast<double>(want.size());
  }

  static void ExpectLawful(const std::vector<Candidate>& got,
                           std::span<const float> query, BitmapView eligible,
                           size_t k) {
    ASSERT_EQ(got.size(), std::min(k, CountBits(eligible)));
    ASSERT_TRUE(std::is_sorted(got.begin(), got.end(), Better));
    std::set<ItemRow> rows;
    for (const Candidate& c : got) {
      ASSERT_TRUE(TestBit(eligible, Index(c.row)));
      ASSERT_TRUE(rows.insert(c.row).second);
      ASSERT_EQ(c.score,
                simd::Dot(query.data(), (*vectors_)[c.row].data(), kDimension));
    }
  }

  static inline std::unique_ptr<SmallIndex> index_;
  static inline const ItemVectors* vectors_ = nullptr;
  static inline std::unique_ptr<const CellScan> exact_;
  static inline RetrievalScratch scratch_{kItems};
};

TEST_F(RetrieverTest, ExactScanEqualsTheOracleAtEverySelectivity) {
  const std::vector<float> queries = Queries(10, 2);
  const ExactScan exact(*vectors_);
  for (const double share : {0.0, 0.001, 0.01, 0.1, 0.5, 1.0}) {
    const auto eligible = RandomEligible(share, 5);
    for (size_t q = 0; q < 10; ++q) {
      const auto query = std::span(queries).subspan(q * kDimension, kDimension);
      const auto got = Run(exact, query, eligible, 100);
      const auto want = Oracle(query, eligible, 100);
      ASSERT_EQ(got.size(), want.size());
      for (size_t i = 0; i < got.size(); ++i) {
        ASSERT_EQ(got[i].row, want[i].row);
        ASSERT_EQ(got[i].score, want[i].score);
      }
    }
  }
}

TEST_F(RetrieverTest, GraphSearchIsLawfulAndCloseToExactAtEverySelectivity) {
  const std::vector<float> queries = Queries(20, 2);
  const GraphSearch search = Walk();
  for (const double share : {0.0, 0.001, 0.01, 0.1, 0.5, 1.0}) {
    const auto eligible = RandomEligible(share, 6);
    double recall = 0;
    for (size_t q = 0; q < 20; ++q) {
      const auto query = std::span(queries).subspan(q * kDimension, kDimension);
      const auto got = Run(search, query, eligible, 100);
      ExpectLawful(got, query, eligible, 100);
      recall += Recall(got, Oracle(query, eligible, 100)) / 20;
    }
    EXPECT_GE(recall, 0.9) << "share " << share;
  }
}

TEST_F(RetrieverTest, CellScanIsLawfulAndCloseToExactAtEverySelectivity) {
  const std::vector<float> queries = Queries(20, 2);
  for (const float stop_share : {0.0f, 0.02f}) {
    const CellScan scan = Cells(stop_share);
    for (const double share : {0.0, 0.001, 0.01, 0.1, 0.5, 1.0}) {
      const auto eligible = RandomEligible(share, 6);
      double recall = 0;
      for (size_t q = 0; q < 20; ++q) {
        const auto query =
            std::span(queries).subspan(q * kDimension, kDimension);
        const auto got = Run(scan, query, eligible, 100);
        ExpectLawful(got, query, eligible, 100);
        recall += Recall(got, Oracle(query, eligible, 100)) / 20;
      }
      EXPECT_GE(recall, stop_share == 0 ? 0.999 : 0.95)
          << "share " << share << ", stop " << stop_share;
    }
  }
}

// As a genre and a country do: one attribute follows the cells, the other is
// drawn for each item.
TEST_F(RetrieverTest, TwoAttributesCombinedAreFoundByEveryEngine) {
  const std::vector<float> queries = Queries(20, 2);
  const std::vector<float> genre = Queries(1, 77);
  auto eligible = RandomEligible(0.4, 3);
  for (uint32_t row = 0; row < kItems; ++row) {
    const bool is_of_genre =
        simd::Dot(genre.data(), (*vectors_)[ItemRow{row}].data(), kDimension) >
        0;
    if (!is_of_genre) eligible[row / 64] &= ~(uint64_t{1} << (row % 64));
  }
  ASSERT_GT(CountBits(eligible), 400);
  const CellScan cells = Cells(0.02f);
  const GraphSearch walk = Walk();
  for (const Retriever* const engine :
       {static_cast<const Retriever*>(&cells),
        static_cast<const Retriever*>(&walk),
        static_cast<const Retriever*>(exact_.get())}) {
    double recall = 0;
    for (size_t q = 0; q < 20; ++q) {
      const auto query = std::span(queries).subspan(q * kDimension, kDimension);
      const auto got = Run(*engine, query, eligible, 50);
      ExpectLawful(got, query, eligible, 50);
      recall += Recall(got, Oracle(query, eligible, 50)) / 20;
    }
    EXPECT_GE(recall, 0.95) << engine->name();
  }
}

TEST_F(RetrieverTest, EveryInstructionSetGivesTheSameList) {
  const std::vector<float> queries = Queries(5, 12);
  for (const double share : {0.03, 0.4, 1.0}) {
    const auto eligible = RandomEligible(share, 8);
    for (size_t q = 0; q < 5; ++q) {
      const auto query = std::span(queries).subspan(q * kDimension, kDimension);
      const auto run = [&](const Retriever& retriever) {
        return Rows(Run(retriever, query, eligible, 100));
      };
      constexpr simd::Isa kPortable = simd::Isa::kPortable;
      for (const simd::Isa isa : simd::SupportedIsas()) {
        EXPECT_EQ(run(Cells(0.05f, isa)), run(Cells(0.05f, kPortable)))
            << simd::IsaName(isa);
        EXPECT_EQ(run(Cells(0, isa)), run(Cells(0, kPortable)))
            << simd::IsaName(isa);
        EXPECT_EQ(run(Walk(isa)), run(Walk(kPortable))) << simd::IsaName(isa);
      }
    }
  }
}

TEST_F(RetrieverTest, CellScanOfAQueryOfNothingIsLawful) {
  const std::vector<float> query(kDimension, 0.0f);
  const auto everything = RandomEligible(1.0, 1);
  const CellScan scan = Cells(0.05f);
  ExpectLawful(Run(scan, query, everything, 100), query, everything, 100);
  ExpectLawful(Run(scan, query, everything, kItems + 50), query, everything,
               kItems + 50);
}

TEST_F(RetrieverTest, QueriesThatShareAPassGetWhatEachGetsAlone) {
  const std::vector<float> vectors = Queries(6, 14);
  const double shares[] = {1.0, 0.5, 0.03, 0.0, 0.002, 1.0};
  const size_t counts[] = {100, 500, 1, 100, 300, kItems + 50};
  std::vector<std::vector<uint64_t>> eligible;
  std::vector<std::unique_ptr<RetrievalScratch>> scratch;
  std::vector<std::vector<Candidate>> out;
  std::vector<SharedQuery> queries;
  for (size_t q = 0; q < 6; ++q) {
    eligible.push_back(RandomEligible(shares[q], 20 + q));
    scratch.push_back(std::make_unique<RetrievalScratch>(kItems));
    out.emplace_back(counts[q]);
  }
  for (size_t q = 0; q < 6; ++q) {
    queries.push_back({.query = {.vector = std::span(vectors).subspan(
                                     q * kDimension, kDimension),
                                 .eligible = eligible[q],
                                 .eligible_count = CountBits(eligible[q]),
                                 .k = counts[q]},
                       .scratch = scratch[q].get(),
                       .out = out[q],
                       .found = 12345});
  }
  // Whatever the stop share, as the exact scan; again with used scratch; alone.
  const CellScan engine = Cells(0.05f);
  for (const size_t together : {size_t{6}, size_t{6}, size_t{1}, size_t{0}}) {
    engine.RetrieveTogether(std::span(queries).first(together));
    for (size_t q = 0; q < together; ++q) {
      const auto want =
          Run(*exact_, queries[q].query.vector, eligible[q], counts[q]);
      ASSERT_EQ(queries[q].found, want.size()) << "query " << q;
      for (size_t i = 0; i < want.size(); ++i) {
        ASSERT_EQ(out[q][i].row, want[i].row) << "query " << q;
        ASSERT_EQ(out[q][i].score, want[i].score) << "query " << q;
      }
    }
  }
}

TEST_F(RetrieverTest, MoreThanAllIsAll) {
  const std::vector<float> query = Queries(1, 3);
  const auto everything = RandomEligible(1.0, 1);
  const GraphSearch search = Walk();
  ExpectLawful(Run(search, query, everything, kItems + 50), query, everything,
               kItems + 50);
}

TEST_F(RetrieverTest, GraphSearchOfAQueryOfNothingIsTheExactScan) {
  const std::vector<float> query(kDimension, 0.0f);
  const auto everything = RandomEligible(1.0, 1);
  const auto got = Run(Walk(), query, everything, 100);
  ExpectLawful(got, query, everything, 100);
  EXPECT_EQ(Rows(got), Rows(Run(*exact_, query, everything, 100)));
}

TEST_F(RetrieverTest, SameQueryGivesTheSameList) {
  const std::vector<float> query = Queries(1, 9);
  const auto eligible = RandomEligible(0.7, 1);
  const GraphSearch search = Walk();
  const auto first = Run(search, query, eligible, 200);
  for (int i = 0; i < 3; ++i) {
    const auto again = Run(search, query, eligible, 200);
    for (size_t j = 0; j < first.size(); ++j)
      ASSERT_EQ(again[j].row, first[j].row);
  }
}

TEST_F(RetrieverTest, LessEffortIsStillLawful) {
  const std::vector<float> query = Queries(1, 4);
  const auto eligible = RandomEligible(0.5, 1);
  const GraphSearch search = Walk();
  std::vector<Candidate> out(300);
  out.resize(search.Retrieve({.vector = query,
                              .eligible = eligible,
                              .eligible_count = CountBits(eligible),
                              .k = 300,
                              .effort = 0.1f},
                             scratch_, out));
  ExpectLawful(out, query, eligible, 300);
}

}  // namespace
}  // namespace marquee
