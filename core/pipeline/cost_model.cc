#include "core/pipeline/cost_model.h"

namespace marquee {
namespace {

constexpr float kWeightOfNew = 1.0f / 32;
// Slow compared with kWeightOfNew: of the requests that a slow stage can not
// serve in time, about one in a hundred tries it again.
constexpr float kFade = 1 - 1.0f / 512;
constexpr float kMargin = 2;

}  // namespace

void CostModel::Observe(Stage stage, absl::Duration time, float share) {
  std::atomic<float>& average = microseconds_[static_cast<size_t>(stage)];
  const float observed =
      static_cast<float>(absl::ToDoubleMicroseconds(time)) / share;
  const float old = average.load(std::memory_order_relaxed);
  // The first observation is the average.
  const float next =
      old == 0 ? observed : old + (observed - old) * kWeightOfNew;
  average.store(next, std::memory_order_relaxed);
}

void CostModel::LeaveOut(Stage stage) {
  std::atomic<float>& average = microseconds_[static_cast<size_t>(stage)];
  average.store(average.load(std::memory_order_relaxed) * kFade,
                std::memory_order_relaxed);
}

absl::Duration CostModel::Expected(Stage stage) const {
  return absl::Microseconds(microseconds_[static_cast<size_t>(stage)].load(
      std::memory_order_relaxed));
}

Tier CostModel::Affordable(absl::Duration left, bool ranks) const {
  const absl::Duration retrieve = Expected(Stage::kRetrieve);
  const absl::Duration rank =
      ranks ? Expected(Stage::kRank) : absl::ZeroDuration();
  const absl::Duration rerank = Expected(Stage::kRerank);
  if (left >= kMargin * (retrieve + rank + rerank)) return Tier::kFull;
  if (left >= kMargin * (kReducedShare * (retrieve + rank) + rerank))
    return Tier::kReduced;
  if (left >= kMargin * (kReducedShare * retrieve + rerank))
    return Tier::kRetrievalOrder;
  return Tier::kPopular;
}

}  // namespace marquee
