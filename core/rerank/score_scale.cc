#include "core/rerank/score_scale.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace marquee {
namespace {

constexpr float kLargest = std::numeric_limits<float>::max();
// One in so many scores may be an outlier.
constexpr size_t kOneIn = 20;
constexpr double kDominates = 1000;
// Of deviation and mean absolute deviation, 1.25 for a normal distribution.
// Where a twentieth dominates it is above 2.2. Of many scores nothing else is
// looked at twice.
constexpr double kSuspicious = 2;

// The scores from `low` to `high` that are finite: which count, and how.
struct Scale {
  double low = -kLargest;
  double high = kLargest;
  double mean = 0;
  double deviation = 0;
  double mean_absolute = 0;
  double lowest = 0;
  double highest = 0;
  size_t count = 0;

  bool Holds(float score) const {
    return std::abs(score) < kLargest && score >= low && score <= high;
  }
};

Scale Measure(std::span<const float> scores, double low, double high) {
  Scale scale{.low = low, .high = high};
  double sum = 0;
  for (const float score : scores) {
    if (!scale.Holds(score)) continue;
    const bool first = scale.count++ == 0;
    scale.lowest = first ? score : std::min<double>(scale.lowest, score);
    scale.highest = first ? score : std::max<double>(scale.highest, score);
    sum += score;
  }
  if (scale.count == 0) return scale;
  const double count = static_cast<double>(scale.count);
  scale.mean = sum / count;
  double squares = 0;
  double absolute = 0;
  for (const float score : scores) {
    if (!scale.Holds(score)) continue;
    const double away = score - scale.mean;
    squares += away * away;
    absolute += std::abs(away);
  }
  scale.deviation = std::sqrt(squares / count);
  scale.mean_absolute = absolute / count;
  return scale;
}

float Quantile(size_t at, std::vector<float>& values) {
  std::nth_element(values.begin(), values.begin() + static_cast<ptrdiff_t>(at),
                   values.end());
  return values[at];
}

// Without the twentieth that is furthest from the median, where that dominates
// all: with what is less than a thousand deviations of the others away.
Scale MeasureNear(std::span<const float> scores, const Scale& all,
                  std::vector<float>& sorted) {
  sorted.clear();
  for (const float score : scores) {
    if (std::abs(score) < kLargest) sorted.push_back(score);
  }
  const size_t left_out = std::max<size_t>(1, sorted.size() / kOneIn);
  const double median = Quantile(sorted.size() / 2, sorted);
  for (float& value : sorted) {
    value = static_cast<float>(std::abs(value - median));
  }
  const double radius = Quantile(sorted.size() - 1 - left_out, sorted);
  const Scale near = Measure(scores, median - radius, median + radius);
  if (near.deviation <= 0 || all.deviation <= kDominates * near.deviation) {
    return all;
  }
  const double reach = std::max(radius, kDominates * near.deviation);
  return Measure(scores, median - reach, median + reach);
}

Scale FindScale(std::span<const float> scores, std::vector<float>& sorted) {
  const Scale all = Measure(scores, -kLargest, kLargest);
  if (all.count < 3) return all;
  if (all.count >= kOneIn && all.deviation <= kSuspicious * all.mean_absolute) {
    return all;
  }
  return MeasureNear(scores, all, sorted);
}

}  // namespace

Standardized Standardize(std::span<float> scores, std::vector<float>& sorted) {
  const Scale scale = FindScale(scores, sorted);
  const double factor = scale.deviation > 0 ? 1 / scale.deviation : 0;
  const auto within = [&](double score) {
    return (score - scale.mean) * factor;
  };
  const auto beyond = [factor](double distance) {
    return 1 + std::log1p(distance * factor);
  };
  const double lowest = within(scale.lowest);
  const double highest = within(scale.highest);
  for (float& score : scores) {
    double value = within(score);
    if (!scale.Holds(score)) {
      const double capped = std::clamp(score, -kLargest, kLargest);
      value = capped > scale.mean ? highest + beyond(capped - scale.highest)
                                  : lowest - beyond(scale.lowest - capped);
    }
    score = static_cast<float>(value);
  }
  return {.outliers = scores.size() - scale.count,
          .lowest = static_cast<float>(lowest),
          .highest = static_cast<float>(highest)};
}

}  // namespace marquee
