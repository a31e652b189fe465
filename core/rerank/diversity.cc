#include "core/rerank/diversity.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "core/simd/dot.h"

namespace marquee {
namespace {

float Length(std::span<const float> vector) {
  return simd::Length(vector.data(), vector.size());
}

struct Range {
  float highest;
  float lowest;
};

// The range of the candidates' scores, best first. Includes outliers only if
// there are no others.
Range RangeOf(std::span<const Candidate> candidates) {
  const auto counts = [](const Candidate& c) { return !c.outlier; };
  const auto first = std::find_if(candidates.begin(), candidates.end(), counts);
  if (first == candidates.end()) {
    return {candidates.front().score, candidates.back().score};
  }
  const auto last =
      std::find_if(candidates.rbegin(), candidates.rend(), counts);
  return {first->score, last->score};
}

}  // namespace

void Diversity::Begin(const Options& options,
                      std::span<const Candidate> candidates) {
  options_ = options;
  candidates_ = candidates;
  placed_.clear();
  placed_lengths_.clear();
  if (!on() || candidates.empty()) return;
  const size_t last =
      std::clamp<size_t>(options.scaled_over, 1, candidates.size()) - 1;
  const auto [highest, lowest] = RangeOf(candidates.first(last + 1));
  most_.assign(candidates.size(), 0);
  for (size_t i = 0; i < last; ++i) {
    if (highest <= lowest) break;
    const float relevance = (candidates[i].score - lowest) / (highest - lowest);
    most_[i] = (1 - options.strength) * std::clamp(relevance, 0.0f, 1.0f);
  }
  bounds_ = most_;
  lengths_.assign(candidates.size(), -1);
  compared_.assign(candidates.size(), 0);
}

void Diversity::Place(ItemRow row) {
  if (!on()) return;
  placed_.push_back(row);
  placed_lengths_.push_back(Length(VectorOf(row)));
}

float Diversity::Value(size_t i) {
  while (compared_[i] < placed_.size()) CompareWithNext(i);
  return bounds_[i];
}

// Lazy: similarity only grows while the list does. So a candidate's worth at
// its last comparison bounds its worth now (Minoux, "Accelerated greedy
// algorithms for maximizing submodular set functions", 1978). It is compared
// only until it can not win any more.
std::optional<size_t> Diversity::Choose(BitmapView open, size_t pool) {
  std::optional<size_t> chosen;
  float best = -std::numeric_limits<float>::infinity();
  for (size_t word = 0; word < open.size(); ++word) {
    for (uint64_t bits = open[word]; bits != 0; bits &= bits - 1) {
      const size_t i = word * 64 + static_cast<size_t>(std::countr_zero(bits));
      // Relevance falls with i.
      if (pool-- == 0 || most_[i] <= best) return chosen;
      while (bounds_[i] > best && compared_[i] < placed_.size()) {
        CompareWithNext(i);
      }
      if (bounds_[i] <= best) continue;
      chosen = i;
      best = bounds_[i];
    }
  }
  return chosen;
}

void Diversity::CompareWithNext(size_t i) {
  const std::span<const float> vector = VectorOf(candidates_[i].row);
  if (lengths_[i] < 0) lengths_[i] = Length(vector);
  const uint32_t next = compared_[i]++;
  const float product = lengths_[i] * placed_lengths_[next];
  if (product <= 0) return;
  const std::span<const float> other = VectorOf(placed_[next]);
  const float dot = simd::Dot(vector.data(), other.data(), other.size());
  bounds_[i] =
      std::min(bounds_[i], most_[i] - options_.strength * (dot / product));
}

// Empty for an item without a vector.
std::span<const float> Diversity::VectorOf(ItemRow row) const {
  const size_t begin = size_t{Index(row)} * options_.dimension;
  if (begin + options_.dimension > options_.vectors.size()) return {};
  return options_.vectors.subspan(begin, options_.dimension);
}

}  // namespace marquee
