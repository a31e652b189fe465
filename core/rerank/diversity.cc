#include "core/rerank/diversity.h"

#include <algorithm>
#include <cmath>

#include "core/simd/dot.h"

namespace marquee {
namespace {

float Length(std::span<const float> vector) {
  return std::sqrt(simd::Dot(vector.data(), vector.data(), vector.size()));
}

}  // namespace

void Diversity::Begin(const Options& options,
                      std::span<const SlateCandidate> candidates) {
  options_ = options;
  candidates_ = candidates;
  placed_.clear();
  placed_lengths_.clear();
  if (!on() || candidates.empty()) return;
  const size_t last =
      std::clamp<size_t>(options.scaled_over, 1, candidates.size()) - 1;
  highest_ = candidates.front().score;
  lowest_ = candidates[last].score;
  lengths_.assign(candidates.size(), -1);
  nearest_.assign(candidates.size(), 0);
  compared_.assign(candidates.size(), 0);
}

void Diversity::Place(ItemRow row) {
  if (!on()) return;
  placed_.push_back(row);
  placed_lengths_.push_back(Length(VectorOf(row)));
}

float Diversity::Value(size_t i) {
  const float strength = options_.strength;
  return (1 - strength) * Relevance(candidates_[i]) - strength * Nearest(i);
}

float Diversity::Relevance(const SlateCandidate& candidate) const {
  if (highest_ <= lowest_) return 0;
  return std::max(0.0f, (candidate.score - lowest_) / (highest_ - lowest_));
}

// Computed when the candidate is looked at, against the titles placed since the
// last time.
float Diversity::Nearest(size_t i) {
  float& nearest = nearest_[i];
  uint32_t& compared = compared_[i];
  if (compared == placed_.size()) return nearest;
  const std::span<const float> vector = VectorOf(candidates_[i].row);
  if (lengths_[i] < 0) lengths_[i] = Length(vector);
  for (; compared < placed_.size(); ++compared) {
    const float product = lengths_[i] * placed_lengths_[compared];
    if (product <= 0) continue;
    const std::span<const float> other = VectorOf(placed_[compared]);
    const float dot = simd::Dot(vector.data(), other.data(), other.size());
    nearest = std::max(nearest, dot / product);
  }
  return nearest;
}

// Empty for a title without one.
std::span<const float> Diversity::VectorOf(ItemRow row) const {
  const size_t begin = size_t{Index(row)} * options_.dimension;
  if (begin + options_.dimension > options_.vectors.size()) return {};
  return options_.vectors.subspan(begin, options_.dimension);
}

}  // namespace marquee
