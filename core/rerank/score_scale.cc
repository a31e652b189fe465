#include "core/rerank/score_scale.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace marquee {
namespace {

constexpr float kLargest = std::numeric_limits<float>::max();
// In interquartile ranges. Far beyond what any distribution of margins has:
// those of a normal one are within three.
constexpr double kFence = 100;

struct Bounds {
  double low = -kLargest;
  double high = kLargest;
  bool Hold(float score) const {
    return std::abs(score) < kLargest && score >= low && score <= high;
  }
};

double Quantile(size_t at, std::vector<float>& scores) {
  std::nth_element(scores.begin(), scores.begin() + static_cast<ptrdiff_t>(at),
                   scores.end());
  return scores[at];
}

// Without a middle half that spreads, only what is no score is an outlier.
Bounds FindBounds(std::span<const float> scores, std::vector<float>& sorted) {
  sorted.clear();
  for (const float score : scores) {
    if (std::abs(score) < kLargest) sorted.push_back(score);
  }
  if (sorted.empty()) return {};
  const double lower = Quantile(sorted.size() / 4, sorted);
  const double upper = Quantile(sorted.size() * 3 / 4, sorted);
  const double range = upper - lower;
  if (range <= 0) return {};
  return {lower - kFence * range, upper + kFence * range};
}

struct Moments {
  double mean = 0;
  double scale = 0;  // 1 / deviation; 0 without one
  double lowest = 0;
  double highest = 0;
  size_t count = 0;
};

Moments Measure(std::span<const float> scores, const Bounds& bounds) {
  Moments moments;
  double sum = 0;
  for (const float score : scores) {
    if (!bounds.Hold(score)) continue;
    moments.lowest =
        moments.count == 0 ? score : std::min<double>(moments.lowest, score);
    moments.highest =
        moments.count == 0 ? score : std::max<double>(moments.highest, score);
    sum += score;
    ++moments.count;
  }
  if (moments.count == 0) return moments;
  moments.mean = sum / static_cast<double>(moments.count);
  double squares = 0;
  for (const float score : scores) {
    if (!bounds.Hold(score)) continue;
    squares += (score - moments.mean) * (score - moments.mean);
  }
  const double deviation =
      std::sqrt(squares / static_cast<double>(moments.count));
  moments.scale = deviation > 0 ? 1 / deviation : 0;
  return moments;
}

}  // namespace

size_t Standardize(std::span<float> scores, std::vector<float>& sorted) {
  const Bounds bounds = FindBounds(scores, sorted);
  const Moments moments = Measure(scores, bounds);
  const double below = (moments.lowest - moments.mean) * moments.scale - 1;
  const double above = (moments.highest - moments.mean) * moments.scale + 1;
  for (float& score : scores) {
    if (bounds.Hold(score)) {
      score = static_cast<float>((score - moments.mean) * moments.scale);
    } else {
      score = static_cast<float>(score > moments.mean ? above : below);
    }
  }
  return scores.size() - moments.count;
}

}  // namespace marquee
