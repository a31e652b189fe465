// The counts of one thread for the requests that it handled. A scrape adds up
// all threads.
//
//   RequestMetrics metrics;  // one per thread
//   metrics.Started(Method::kRecommend);
//   metrics.Handled(Method::kRecommend, /*OK*/ 0, time);
//   // At a scrape, for each thread:
//   metrics.AddTo(sum);
#ifndef MARQUEE_SERVER_TELEMETRY_REQUEST_METRICS_H_
#define MARQUEE_SERVER_TELEMETRY_REQUEST_METRICS_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "core/pipeline/response.h"
#include "server/admission/shed_reason.h"
#include "server/telemetry/duration_histogram.h"
#include "server/telemetry/rule_hits.h"

namespace marquee {

// The methods of RecommendationService.
enum class Method : uint8_t { kRecommend, kSimilarItems, kExplain };
inline constexpr size_t kMethods = 3;
absl::string_view MethodName(Method method);

// gRPC's status codes, 0 to 16, by their documented names.
inline constexpr size_t kGrpcCodes = 17;
absl::string_view GrpcCodeName(size_t code);

// How much of a list an answer holds.
enum class ListFill : uint8_t { kEmpty, kShort, kFull };
inline constexpr size_t kListFills = 3;
absl::string_view ListFillName(ListFill fill);

// The counters of one thread or, summed, of all threads.
template <typename Count>
struct RequestCounts {
  std::array<Count, kMethods> started{};
  std::array<std::array<Count, kGrpcCodes>, kMethods> handled{};
  std::array<Count, kShedReasons> refused{};
  std::array<Count, kTiers> tiers{};
  std::array<Count, kDegradationCauses> degraded{};
  std::array<Count, kWarningKinds> warnings{};
  std::array<Count, kSources> sources{};
  std::array<Count, kListFills> lists{};
  Count final_check_removals{};
  Count score_outliers{};
};

// Thread-safe, and without a lock except for rules. Aligned so that no two
// threads write to one cache line.
class alignas(64) RequestMetrics {
 public:
  void Started(Method method) { Add(counts_.started[AsIndex(method)]); }
  // `time`: from the arrival to the status; `code`: of gRPC.
  void Handled(Method method, size_t code, absl::Duration time) {
    Add(counts_.handled[AsIndex(method)][code]);
    handling_[AsIndex(method)].Observe(time);
  }
  void Refused(ShedReason reason) { Add(counts_.refused[AsIndex(reason)]); }
  void Waited(absl::Duration wait) { queue_wait_.Observe(wait); }
  void Served(const RecommendResponse& response);

  RuleHits& rules() { return rules_; }

  struct Sum {
    RequestCounts<uint64_t> counts;
    std::array<DurationCounts, kMethods> handling{};
    std::array<DurationCounts, kStages> stages{};
    DurationCounts queue_wait;
    RuleCounts rules;
  };
  void AddTo(Sum& sum) const;

 private:
  // Relaxed: the counters are independent.
  using Counter = std::atomic<uint64_t>;
  template <typename Enum>
  static constexpr size_t AsIndex(Enum value) {
    return static_cast<size_t>(value);
  }
  static void Add(Counter& counter, uint64_t n = 1) {
    counter.fetch_add(n, std::memory_order_relaxed);
  }

  RequestCounts<Counter> counts_;
  std::array<DurationHistogram, kMethods> handling_;
  std::array<DurationHistogram, kStages> stages_;
  DurationHistogram queue_wait_;
  RuleHits rules_;
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_TELEMETRY_REQUEST_METRICS_H_
