#include "core/rerank/diversity.h"

#include <algorithm>
#include <bit>
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
  const float highest = candidates.front().score;
  const float lowest = candidates[last].score;
  relevance_.assign(candidates.size(), 0);
  for (size_t i = 0; i < last; ++i) {
    if (highest <= lowest) break;
    relevance_[i] = (candidates[i].score - lowest) / (highest - lowest);
  }
  lengths_.assign(candidates.size(), -1);
  nearest_.assign(candidates.size(), 0);
  compared_.assign(candidates.size(), 0);
}

void Diversity::Place(ItemRow row) {
  if (!on()) return;
  placed_.push_back(row);
  placed_lengths_.push_back(Length(VectorOf(row)));
}

float Diversity::Most(size_t i) const {
  return (1 - options_.strength) * relevance_[i];
}

float Diversity::Value(size_t i) {
  return Most(i) - options_.strength * Nearest(i);
}

// Lazy: similarity only grows while the list does, so the value of a candidate
// is at most what it was when it was compared last, and a candidate that was
// worth less then is not compared again (Minoux, "Accelerated greedy algorithms
// for maximizing submodular set functions", 1978). Relevance falls with i, so
// the search ends where it alone is worth less than the best.
std::optional<size_t> Diversity::Choose(BitmapView open, size_t pool) {
  std::optional<size_t> chosen;
  float best = 0;
  for (size_t word = 0; word < open.size(); ++word) {
    for (uint64_t bits = open[word]; bits != 0 && pool > 0; bits &= bits - 1) {
      --pool;
      const size_t i = word * 64 + static_cast<size_t>(std::countr_zero(bits));
      if (chosen && Most(i) <= best) return chosen;
      if (chosen && Most(i) - options_.strength * nearest_[i] <= best) continue;
      const float value = Value(i);
      if (chosen && value <= best) continue;
      chosen = i;
      best = value;
    }
  }
  return chosen;
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
