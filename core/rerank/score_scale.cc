#include "core/rerank/score_scale.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace marquee {
namespace {

constexpr float kLargest = std::numeric_limits<float>::max();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
// One in this many scores may be an outlier.
constexpr size_t kOneIn = 20;
// An outlier is this many deviations of the others away. Few scores say little
// about their spread: of three, two may be close to each other by chance.
constexpr double kFar = 1e4;
constexpr double kFarOfFew = 1e6;
// The ratio of deviation to mean absolute deviation is 1.25 for a normal
// distribution. It is above 2.2 if a twentieth of the scores is far away. Many
// scores with a lower ratio need no further check.
constexpr double kSuspicious = 2;

// The finite scores that are at most `reach` from `centre`: their number and
// spread.
struct Scale {
  double centre = 0;
  double reach = kInfinity;
  double mean = 0;
  double deviation = 0;
  double mean_absolute = 0;
  double lowest = 0;
  double highest = 0;
  size_t count = 0;

  bool Holds(float score) const {
    return std::abs(score) < kLargest && std::abs(score - centre) <= reach;
  }
};

Scale Measure(std::span<const float> scores, double centre, double reach) {
  Scale scale{.centre = centre, .reach = reach};
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

double Quantile(size_t at, std::vector<double>& values) {
  std::nth_element(values.begin(), values.begin() + static_cast<ptrdiff_t>(at),
                   values.end());
  return values[at];
}

// The distance from the median that all but a twentieth keep; all but one if
// there are few. If more than that are at the median, the next distance.
double RadiusOfMost(std::vector<double>& distances) {
  const size_t may_be_out = std::max<size_t>(1, distances.size() / kOneIn);
  const double radius = Quantile(distances.size() - 1 - may_be_out, distances);
  if (radius > 0) return radius;
  double next = kInfinity;
  for (const double distance : distances) {
    if (distance > 0) next = std::min(next, distance);
  }
  return next;
}

// Measures without the scores that are far from the median, in deviations of
// the near majority.
Scale MeasureNear(std::span<const float> scores, size_t count,
                  std::vector<double>& memory) {
  memory.clear();
  for (const float score : scores) {
    if (std::abs(score) < kLargest) memory.push_back(score);
  }
  const double median = Quantile(memory.size() / 2, memory);
  for (double& value : memory) value = std::abs(value - median);
  const double radius = RadiusOfMost(memory);
  const Scale near = Measure(scores, median, radius);
  const double far = count < kOneIn ? kFarOfFew : kFar;
  return Measure(scores, median, std::max(radius, far * near.deviation));
}

Scale FindScale(std::span<const float> scores, std::vector<double>& memory) {
  const Scale all = Measure(scores, 0, kInfinity);
  if (all.count < 3) return all;
  if (all.count >= kOneIn && all.deviation <= kSuspicious * all.mean_absolute) {
    return all;
  }
  return MeasureNear(scores, all.count, memory);
}

}  // namespace

Standardized Standardize(std::span<float> scores, std::vector<double>& memory) {
  const Scale scale = FindScale(scores, memory);
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
