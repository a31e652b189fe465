#include "offline/evaluate/metrics.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/base/check.h"
#include "core/base/random.h"

namespace marquee {

double RecallAt(std::span<const uint32_t> ranked, const RelevantSet& relevant,
                size_t k) {
  MARQUEE_CHECK(!relevant.empty());
  size_t hits = 0;
  for (const uint32_t item : ranked.first(std::min(k, ranked.size())))
    hits += relevant.contains(item) ? 1 : 0;
  return static_cast<double>(hits) / static_cast<double>(relevant.size());
}

double NdcgAt(std::span<const uint32_t> ranked, const RelevantSet& relevant,
              size_t k) {
  MARQUEE_CHECK(!relevant.empty());
  const auto gain = [](size_t i) {
    return 1 / std::log2(static_cast<double>(i) + 2);
  };
  // An item is relevant or not, so its gain is 1, discounted by its position.
  double found = 0;
  for (size_t i = 0; i < std::min(k, ranked.size()); ++i)
    found += relevant.contains(ranked[i]) ? gain(i) : 0;
  double ideal = 0;
  for (size_t i = 0; i < std::min(k, relevant.size()); ++i) ideal += gain(i);
  return ideal > 0 ? found / ideal : 0;
}

double SelfInformation(double watches, double total) {
  MARQUEE_CHECK(total > 0);
  // The logarithm of 0 is infinite.
  return -std::log2(std::max(watches, 1.0) / total);
}

Interval BootstrapMean(std::span<const double> differences, size_t resamples,
                       uint64_t seed) {
  MARQUEE_CHECK(!differences.empty());
  const auto count = static_cast<double>(differences.size());
  Interval interval;
  for (const double d : differences) interval.mean += d / count;
  // The percentile bootstrap: means of samples with replacement, of which the
  // middle 95 % are the interval.
  std::vector<double> means(std::max<size_t>(resamples, 1), 0);
  for (size_t sample = 0; sample < means.size(); ++sample) {
    Random random(seed, sample);
    for (size_t i = 0; i < differences.size(); ++i) {
      const auto bound = static_cast<uint32_t>(differences.size());
      means[sample] += differences[random.Below(bound)] / count;
    }
  }
  std::sort(means.begin(), means.end());
  const auto at = [&](double share) {
    return means[static_cast<size_t>(
        share * static_cast<double>(means.size() - 1) + 0.5)];
  };
  interval.low = at(0.025);
  interval.high = at(0.975);
  return interval;
}

}  // namespace marquee
