#include "core/retrieval/plan_measurement.h"

#include <algorithm>
#include <iterator>

#include "absl/time/clock.h"
#include "core/catalog/bitmap.h"
#include "core/retrieval/planner.h"
#include "core/retrieval/recall.h"

namespace marquee {
namespace {

constexpr size_t kQueries = 5;
constexpr double kExactMayCost = 1.1;

std::vector<std::vector<float>> SampleVectors(const ItemVectors& items,
                                              const UserVectors& users) {
  std::vector<std::vector<float>> vectors;
  std::vector<float> vector(items.dimension());
  for (size_t q = 0; q < kQueries; ++q) {
    const auto user = static_cast<uint32_t>(q * users.size() / kQueries);
    const auto title = static_cast<uint32_t>(q * items.size() / kQueries);
    const bool is_user = users.size() > 0 && users.Read(UserRow{user}, vector);
    if (!is_user) {
      const std::span<const float> of_title = items[ItemRow{title}];
      vector.assign(of_title.begin(), of_title.end());
    }
    vectors.push_back(vector);
  }
  return vectors;
}

// The median over the vectors, after one query that is not counted.
absl::Duration Time(const Retriever& engine,
                    const std::vector<std::vector<float>>& vectors,
                    RetrievalQuery query, RetrievalScratch& scratch) {
  std::vector<Candidate> out(query.k);
  query.vector = vectors.back();
  engine.Retrieve(query, scratch, out);
  std::vector<absl::Duration> times;
  for (const std::vector<float>& vector : vectors) {
    query.vector = vector;
    const absl::Time start = absl::Now();
    engine.Retrieve(query, scratch, out);
    times.push_back(absl::Now() - start);
  }
  std::nth_element(times.begin(), times.begin() + kQueries / 2, times.end());
  return times[kQueries / 2];
}

}  // namespace

std::vector<EngineCost> MeasureCosts(const RetrievalIndex& index,
                                     const UserVectors& users, size_t k) {
  std::vector<EngineCost> costs;
  const size_t titles = index.vectors.size();
  if (titles == 0) return costs;
  const RetrievalPlanner planner(index, RetrievalPlan::Default());
  const auto vectors = SampleVectors(index.vectors, users);
  RetrievalScratch scratch(titles);
  for (size_t magnitude = RetrievalPlan::Magnitude(4 * k) + 1;
       magnitude <= RetrievalPlan::Magnitude(titles); ++magnitude) {
    // In the middle of what has this magnitude.
    const double wanted = 0.75 * static_cast<double>(uint64_t{1} << magnitude);
    const std::vector<uint64_t> eligible = RandomEligible(
        titles, std::min(1.0, wanted / static_cast<double>(titles)), magnitude);
    const RetrievalQuery query{
        .eligible = eligible, .eligible_count = CountBits(eligible), .k = k};
    for (const RetrievalEngine engine : kRetrievalEngines) {
      if (!planner.Has(engine)) continue;
      costs.push_back({engine, query.eligible_count,
                       Time(planner.engine(engine), vectors, query, scratch)});
    }
  }
  return costs;
}

RetrievalPlan ChoosePlan(const std::vector<EngineCost>& costs) {
  RetrievalPlan plan = RetrievalPlan::Always(RetrievalEngine::kExact);
  for (size_t magnitude = 1; magnitude < RetrievalPlan::kMagnitudes;
       ++magnitude) {
    std::vector<EngineCost> here;
    std::copy_if(costs.begin(), costs.end(), std::back_inserter(here),
                 [&](const EngineCost& cost) {
                   return RetrievalPlan::Magnitude(cost.eligible) == magnitude;
                 });
    if (here.empty()) {
      plan.Set(magnitude, plan.AtMagnitude(magnitude - 1));
      continue;
    }
    const auto burden = [](const EngineCost& cost) {
      const bool exact = cost.engine == RetrievalEngine::kExact;
      return cost.time / (exact ? kExactMayCost : 1);
    };
    const auto cheaper = [&](const EngineCost& a, const EngineCost& b) {
      return burden(a) < burden(b);
    };
    plan.Set(magnitude,
             std::min_element(here.begin(), here.end(), cheaper)->engine);
  }
  return plan;
}

}  // namespace marquee
