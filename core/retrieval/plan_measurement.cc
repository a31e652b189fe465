#include "core/retrieval/plan_measurement.h"

#include <time.h>

#include <algorithm>
#include <numeric>

#include "core/catalog/bitmap.h"
#include "core/retrieval/planner.h"
#include "core/retrieval/recall.h"

namespace marquee {
namespace {

constexpr size_t kQueries = 12;
constexpr size_t kRuns = 3;
// An engine that costs this many times as much as another is not timed further.
constexpr double kHopeless = 4;
// The exact scan comes after the cells: where most items are eligible, it is
// the one to give up.
constexpr RetrievalEngine kInOrderOfTiming[] = {
    RetrievalEngine::kCells, RetrievalEngine::kExact, RetrievalEngine::kGraph};
constexpr double kExactMayCost = 1.1;
// The cost of the exact scan rises with the number of eligible items. After
// this many losses in a row, a later win is noise.
constexpr size_t kLostForGood = 2;

std::vector<std::vector<float>> SampleVectors(const ItemVectors& items,
                                              const UserVectors& users) {
  std::vector<std::vector<float>> vectors;
  std::vector<float> vector(items.dimension());
  for (size_t q = 0; q < kQueries; ++q) {
    const auto user = static_cast<uint32_t>(q * users.size() / kQueries);
    const auto item = static_cast<uint32_t>(q * items.size() / kQueries);
    const bool is_user = users.size() > 0 && users.Read(UserRow{user}, vector);
    if (!is_user) {
      const std::span<const float> of_item = items[ItemRow{item}];
      vector.assign(of_item.begin(), of_item.end());
    }
    vectors.push_back(vector);
  }
  return vectors;
}

// The time of this thread alone: others may use the processor meanwhile.
absl::Duration ProcessorTime() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return absl::DurationFromTimespec(now);
}

// Returns the mean over the vectors of the shortest of several runs: other work
// of the machine only ever adds time. A vector comes again only after all
// others, as in service, so its data is not in the nearest cache. If the first
// vector takes longer than `hopeless`, returns its time instead.
absl::Duration Time(const Retriever& engine,
                    const std::vector<std::vector<float>>& vectors,
                    RetrievalQuery query, absl::Duration hopeless,
                    RetrievalScratch& scratch) {
  std::vector<Candidate> out(query.k);
  const auto time = [&](const std::vector<float>& vector) {
    query.vector = vector;
    const absl::Duration start = ProcessorTime();
    engine.Retrieve(query, scratch, out);
    return ProcessorTime() - start;
  };
  time(vectors[0]);  // loads what no query has read yet
  if (const absl::Duration first = time(vectors[0]); first > hopeless) {
    return first;
  }
  std::vector<absl::Duration> shortest(vectors.size(),
                                       absl::InfiniteDuration());
  for (size_t run = 0; run < kRuns; ++run) {
    for (size_t v = 0; v < vectors.size(); ++v) {
      shortest[v] = std::min(shortest[v], time(vectors[v]));
    }
  }
  return std::accumulate(shortest.begin(), shortest.end(),
                         absl::ZeroDuration()) /
         static_cast<int64_t>(vectors.size());
}

}  // namespace

std::vector<EngineCost> MeasureCosts(const RetrievalIndex& index,
                                     const UserVectors& users, size_t k) {
  std::vector<EngineCost> costs;
  const size_t items = index.vectors.size();
  if (items == 0) return costs;
  const RetrievalPlanner planner(index, RetrievalPlan::Default());
  const auto vectors = SampleVectors(index.vectors, users);
  RetrievalScratch scratch(items);
  for (size_t magnitude = RetrievalPlan::Magnitude(4 * k) + 1;
       magnitude <= RetrievalPlan::Magnitude(items); ++magnitude) {
    // In the middle of the numbers of this magnitude.
    const double wanted = 0.75 * static_cast<double>(uint64_t{1} << magnitude);
    const std::vector<uint64_t> eligible = RandomEligible(
        items, std::min(1.0, wanted / static_cast<double>(items)), magnitude);
    const RetrievalQuery query{
        .eligible = eligible, .eligible_count = CountBits(eligible), .k = k};
    absl::Duration cheapest = absl::InfiniteDuration();
    for (const RetrievalEngine engine : kInOrderOfTiming) {
      if (!planner.Has(engine)) continue;
      const absl::Duration time = Time(planner.engine(engine), vectors, query,
                                       kHopeless * cheapest, scratch);
      costs.push_back({engine, query.eligible_count, time});
      cheapest = std::min(cheapest, time);
    }
  }
  return costs;
}

RetrievalPlan ChoosePlan(const std::vector<EngineCost>& costs) {
  RetrievalPlan plan = RetrievalPlan::Always(RetrievalEngine::kExact);
  size_t exact_until = 0;  // the last magnitude
  size_t lost = 0;         // in a row
  for (size_t magnitude = 1; magnitude < RetrievalPlan::kMagnitudes;
       ++magnitude) {
    // A magnitude without measurement gets the engine of the one below.
    plan.Set(magnitude, plan.AtMagnitude(magnitude - 1));
    absl::Duration exact = absl::InfiniteDuration();
    absl::Duration cheapest = absl::InfiniteDuration();
    for (const EngineCost& cost : costs) {
      if (RetrievalPlan::Magnitude(cost.eligible) != magnitude) continue;
      if (cost.engine == RetrievalEngine::kExact) {
        exact = cost.time;
      } else if (cost.time < cheapest) {
        cheapest = cost.time;
        plan.Set(magnitude, cost.engine);
      }
    }
    if (exact == absl::InfiniteDuration()) continue;
    if (exact > kExactMayCost * cheapest) {
      ++lost;
    } else if (lost < kLostForGood) {
      lost = 0;
      exact_until = magnitude;
    }
  }
  for (size_t magnitude = 0; magnitude <= exact_until; ++magnitude) {
    plan.Set(magnitude, RetrievalEngine::kExact);
  }
  return plan;
}

}  // namespace marquee
