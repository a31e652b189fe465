#include "core/retrieval/planner.h"

#include "core/retrieval/plan_measurement.h"
#include "gtest/gtest.h"
#include "offline/build/graph_builder.h"
#include "tests/retrieval/small_index.h"

namespace marquee {
namespace {

constexpr auto kExact = RetrievalEngine::kExact;
constexpr auto kCells = RetrievalEngine::kCells;
constexpr auto kGraph = RetrievalEngine::kGraph;

EngineCost Cost(RetrievalEngine engine, size_t eligible, int microseconds) {
  return {engine, eligible, absl::Microseconds(microseconds)};
}

TEST(RetrievalPlan, ChangesAtPowersOfTwo) {
  const RetrievalPlan plan = RetrievalPlan::ExactBelow(1024, kCells);
  EXPECT_EQ(plan.Pick(0), kExact);
  EXPECT_EQ(plan.Pick(1023), kExact);
  EXPECT_EQ(plan.Pick(1024), kCells);
  EXPECT_EQ(plan.Pick(500000), kCells);
  EXPECT_EQ(plan.ToString(), "exact below 1024, then cells");
  EXPECT_EQ(RetrievalPlan::ExactBelow(1500, kCells).Pick(1100), kCells);
  EXPECT_EQ(RetrievalPlan::Always(kGraph).ToString(), "graph");
}

TEST(RetrievalPlan, EveryEngineHasAName) {
  for (const RetrievalEngine engine : kRetrievalEngines) {
    EXPECT_EQ(ParseRetrievalEngine(RetrievalEngineName(engine)), engine);
  }
  EXPECT_FALSE(ParseRetrievalEngine("hnsw").has_value());
}

TEST(ChoosePlan, TakesTheCheapestAndPrefersTheExactScanWhenItIsClose) {
  const RetrievalPlan plan = ChoosePlan({
      Cost(kExact, 3000, 50),
      Cost(kCells, 3000, 80),
      Cost(kExact, 6000, 104),
      Cost(kCells, 6000, 100),
      Cost(kExact, 12000, 200),
      Cost(kCells, 12000, 120),
      Cost(kGraph, 12000, 130),
      Cost(kExact, 24000, 400),
      Cost(kCells, 24000, 140),
      Cost(kGraph, 24000, 90),
  });
  EXPECT_EQ(plan.Pick(1), kExact);
  EXPECT_EQ(plan.Pick(3000), kExact);
  EXPECT_EQ(plan.Pick(6000), kExact);
  EXPECT_EQ(plan.Pick(12000), kCells);
  EXPECT_EQ(plan.Pick(24000), kGraph);
  EXPECT_EQ(plan.Pick(500000), kGraph) << "as the largest that was measured";
}

TEST(ChoosePlan, NoiseAtOneMagnitudeChangesNothing) {
  std::vector<EngineCost> costs;
  for (size_t eligible = 3000, cost = 50; eligible < 500000;
       eligible *= 2, cost *= 2) {
    costs.push_back(Cost(kExact, eligible, static_cast<int>(cost)));
    costs.push_back(Cost(kCells, eligible, 190));
  }
  const std::string plan = "exact below 16384, then cells";
  EXPECT_EQ(ChoosePlan(costs).ToString(), plan);
  std::vector<EngineCost> noisy = costs;
  noisy.back().time = absl::Seconds(1);  // cells, of all items
  EXPECT_EQ(ChoosePlan(noisy).ToString(), plan);
  noisy = costs;
  noisy[2].time = absl::Seconds(1);  // the exact scan, of 6000
  EXPECT_EQ(ChoosePlan(noisy).ToString(), plan);
}

TEST(MeasureCosts, CoversEveryMagnitudeWithEveryEngineOfTheIndex) {
  SmallIndex index(ClusteredVectors(5000, 16, 1), 16, 40);
  const auto users = InMemory([](ArrayFileWriter& out) {
    UserVectorWriter(16, 1, out)
        .Add(std::vector<float>(16, 1.0f))
        .IgnoreError();
  });
  const auto vectors = *UserVectors::Open(*users, 16);
  const auto count = [&](RetrievalEngine engine) {
    size_t found = 0;
    for (const EngineCost& cost : MeasureCosts(index.index(), *vectors, 100)) {
      EXPECT_GT(cost.time, absl::ZeroDuration());
      found += cost.engine == engine ? 1 : 0;
    }
    return found;
  };
  // Of 400 items and fewer every engine makes the same scan: 512 to 5000.
  EXPECT_EQ(count(kExact), 4);
  EXPECT_EQ(count(kCells), 4);
  EXPECT_EQ(count(kGraph), 0);
  index.SetGraph(*BuildGraph(*index.vectors, {.threads = 1}));
  EXPECT_EQ(count(kGraph), 4);
}

TEST(RetrievalPlanner, OffersWhatTheIndexHas) {
  SmallIndex index(ClusteredVectors(1000, 16, 1), 16, 40);
  const RetrievalPlanner without(index.index(), RetrievalPlan::Default());
  EXPECT_TRUE(without.Has(kExact));
  EXPECT_TRUE(without.Has(kCells));
  EXPECT_FALSE(without.Has(kGraph));
  index.SetGraph(*BuildGraph(*index.vectors, {.threads = 1}));
  const RetrievalPlanner with(index.index(), RetrievalPlan::Always(kGraph));
  EXPECT_TRUE(with.Has(kGraph));
  EXPECT_EQ(with.engine(with.Pick(5)).name(), "graph");
}

}  // namespace
}  // namespace marquee
