#include "server/telemetry/duration_histogram.h"

#include <algorithm>
#include <numeric>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace marquee {
namespace {

size_t BucketOf(absl::Duration time) {
  DurationHistogram histogram;
  histogram.Observe(time);
  DurationCounts counts;
  histogram.AddTo(counts);
  return static_cast<size_t>(
      std::find(counts.buckets.begin(), counts.buckets.end(), 1) -
      counts.buckets.begin());
}

TEST(DurationHistogram, EdgesLieOnTheObjectivesAndRise) {
  EXPECT_TRUE(std::is_sorted(kDurationEdges.begin(), kDurationEdges.end()));
  for (const int64_t objective :
       {100'000, 1'000'000, 3'000'000, 10'000'000, 100'000'000}) {
    EXPECT_TRUE(std::binary_search(kDurationEdges.begin(), kDurationEdges.end(),
                                   objective))
        << objective;
  }
}

TEST(DurationHistogram, AnEdgeBelongsToTheBucketBelow) {
  for (size_t i = 0; i < kDurationEdges.size(); ++i) {
    EXPECT_EQ(BucketOf(absl::Nanoseconds(kDurationEdges[i])), i);
    EXPECT_EQ(BucketOf(absl::Nanoseconds(kDurationEdges[i] + 1)), i + 1);
  }
}

TEST(DurationHistogram, ATimeThatRanBackwardsIsNone) {
  EXPECT_EQ(BucketOf(absl::Milliseconds(-5)), 0);
}

TEST(DurationHistogram, LosesNothingBetweenThreads) {
  DurationHistogram histogram;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 10'000; ++i) histogram.Observe(absl::Milliseconds(1));
    });
  }
  for (std::thread& thread : threads) thread.join();
  DurationCounts counts;
  histogram.AddTo(counts);
  EXPECT_EQ(std::accumulate(counts.buckets.begin(), counts.buckets.end(),
                            uint64_t{0}),
            40'000);
  EXPECT_DOUBLE_EQ(counts.sum_seconds, 40);
}

}  // namespace
}  // namespace marquee
