// Counts durations in fixed buckets, without a lock.
#ifndef MARQUEE_SERVER_TELEMETRY_DURATION_HISTOGRAM_H_
#define MARQUEE_SERVER_TELEMETRY_DURATION_HISTOGRAM_H_

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"

namespace marquee {

// Upper bounds in nanoseconds. Steps of about √2 from 100 µs to 100 ms, where
// the objectives are, with edges exactly on 1, 3, 10 and 100 ms; wider outside.
inline constexpr std::array<int64_t, 29> kDurationEdges = {
    10'000,      25'000,      50'000,        100'000,      140'000,
    200'000,     280'000,     400'000,       560'000,      750'000,
    1'000'000,   1'400'000,   2'000'000,     3'000'000,    4'000'000,
    5'600'000,   7'500'000,   10'000'000,    14'000'000,   20'000'000,
    28'000'000,  40'000'000,  56'000'000,    75'000'000,   100'000'000,
    200'000'000, 500'000'000, 1'000'000'000, 5'000'000'000};

// The counts of one or several histograms.
struct DurationCounts {
  std::array<uint64_t, kDurationEdges.size() + 1> buckets{};  // not cumulative
  double sum_seconds = 0;
};

// Thread-safe. Meant for one writing thread, so that no two threads write to
// one cache line.
class DurationHistogram {
 public:
  void Observe(absl::Duration time) {
    const int64_t nanos = std::max<int64_t>(absl::ToInt64Nanoseconds(time), 0);
    const size_t bucket = static_cast<size_t>(
        std::lower_bound(kDurationEdges.begin(), kDurationEdges.end(), nanos) -
        kDurationEdges.begin());
    buckets_[bucket].fetch_add(1, std::memory_order_relaxed);
    sum_nanos_.fetch_add(nanos, std::memory_order_relaxed);
  }

  void AddTo(DurationCounts& counts) const {
    for (size_t i = 0; i < buckets_.size(); ++i) {
      counts.buckets[i] += buckets_[i].load(std::memory_order_relaxed);
    }
    counts.sum_seconds +=
        static_cast<double>(sum_nanos_.load(std::memory_order_relaxed)) / 1e9;
  }

 private:
  // Relaxed: the counters are independent. A scrape may see a sum that is one
  // observation ahead of a bucket.
  std::array<std::atomic<uint64_t>, kDurationEdges.size() + 1> buckets_{};
  std::atomic<int64_t> sum_nanos_{0};
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_TELEMETRY_DURATION_HISTOGRAM_H_
