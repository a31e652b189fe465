#include "server/telemetry/request_metrics.h"

#include "core/base/check.h"

namespace marquee {
namespace {

template <typename From, size_t kSize>
void AddAll(const std::array<From, kSize>& from,
            std::array<uint64_t, kSize>& to) {
  for (size_t i = 0; i < kSize; ++i) {
    to[i] += from[i].load(std::memory_order_relaxed);
  }
}

}  // namespace

absl::string_view MethodName(Method method) {
  static constexpr std::array<absl::string_view, kMethods> kNames = {
      "Recommend", "SimilarItems", "Explain"};
  return kNames[static_cast<size_t>(method)];
}

absl::string_view GrpcCodeName(size_t code) {
  static constexpr std::array<absl::string_view, kGrpcCodes> kNames = {
      "OK",
      "Canceled",
      "Unknown",
      "InvalidArgument",
      "DeadlineExceeded",
      "NotFound",
      "AlreadyExists",
      "PermissionDenied",
      "ResourceExhausted",
      "FailedPrecondition",
      "Aborted",
      "OutOfRange",
      "Unimplemented",
      "Internal",
      "Unavailable",
      "DataLoss",
      "Unauthenticated"};
  MARQUEE_CHECK(code < kGrpcCodes);
  return kNames[code];
}

absl::string_view ListFillName(ListFill fill) {
  static constexpr std::array<absl::string_view, kListFills> kNames = {
      "empty", "short", "full"};
  return kNames[static_cast<size_t>(fill)];
}

void RequestMetrics::Served(const RecommendResponse& response) {
  Add(counts_.tiers[AsIndex(response.tier)]);
  const ListFill fill = response.items.empty() ? ListFill::kEmpty
                        : response.items.size() < response.requested
                            ? ListFill::kShort
                            : ListFill::kFull;
  // The last page of a list is short by right.
  if (response.is_first_page) Add(counts_.lists[AsIndex(fill)]);
  for (const Degradation& degradation : response.degradations) {
    Add(counts_.degraded[AsIndex(degradation.cause)]);
  }
  for (const Warning& warning : response.warnings) {
    Add(counts_.warnings[AsIndex(warning.kind)]);
  }
  for (const RecommendedItem& item : response.items) {
    Add(counts_.sources[static_cast<size_t>(item.source)]);
  }
  if (response.removed_by_final_check > 0)
    Add(counts_.final_check_removals, response.removed_by_final_check);
  if (response.outliers > 0) Add(counts_.score_outliers, response.outliers);
  for (size_t stage = 0; stage < kStages; ++stage) {
    const absl::Duration time = response.stage_time[stage];
    // A stage that did not run is not counted.
    if (time > absl::ZeroDuration()) stages_[stage].Observe(time);
  }
  rules_.Count(response.items);
}

void RequestMetrics::AddTo(Sum& sum) const {
  AddAll(counts_.started, sum.counts.started);
  for (size_t m = 0; m < kMethods; ++m) {
    AddAll(counts_.handled[m], sum.counts.handled[m]);
    handling_[m].AddTo(sum.handling[m]);
  }
  AddAll(counts_.refused, sum.counts.refused);
  AddAll(counts_.tiers, sum.counts.tiers);
  AddAll(counts_.degraded, sum.counts.degraded);
  AddAll(counts_.warnings, sum.counts.warnings);
  AddAll(counts_.sources, sum.counts.sources);
  AddAll(counts_.lists, sum.counts.lists);
  sum.counts.final_check_removals +=
      counts_.final_check_removals.load(std::memory_order_relaxed);
  sum.counts.score_outliers +=
      counts_.score_outliers.load(std::memory_order_relaxed);
  for (size_t s = 0; s < kStages; ++s) stages_[s].AddTo(sum.stages[s]);
  queue_wait_.AddTo(sum.queue_wait);
  rules_.AddTo(sum.rules);
}

}  // namespace marquee
