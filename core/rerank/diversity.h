// The worth of a candidate beside the items already in the list: maximal
// marginal relevance (Carbonell, Goldstein, "The use of MMR, diversity-based
// reranking", SIGIR 1998).
#ifndef MARQUEE_CORE_RERANK_DIVERSITY_H_
#define MARQUEE_CORE_RERANK_DIVERSITY_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/ids.h"
#include "core/catalog/bitmap.h"
#include "core/rerank/boosts.h"

namespace marquee {

// Externally synchronised. Reused for each request; allocates only until it has
// grown.
class Diversity {
 public:
  struct Options {
    float strength = 0;  // 0: off
    // [items with a vector × dimension].
    std::span<const float> vectors;
    size_t dimension = 0;
    // Relevance is scaled over this number of the best candidates.
    size_t scaled_over = 0;
  };

  // Begins a list. `candidates`: best first; must outlive the list.
  void Begin(const Options& options, std::span<const Candidate> candidates);
  bool on() const { return options_.strength > 0 && options_.dimension > 0; }

  // Records that an item is in the list: a candidate or another one.
  void Place(ItemRow row);

  // Returns (1 - strength) · relevance - strength · similarity of candidate
  // `i`. Relevance is its score, scaled to 0 to 1 over the best candidates that
  // are not outliers. Similarity is the largest cosine of its vector and that
  // of an item in the list, at least 0. Requires: on().
  float Value(size_t i);

  // Returns the candidate with the largest value among the first `pool` of
  // `open` (bit i: candidate i); of equal ones the first. nullopt: `open` has
  // none. Requires: on().
  std::optional<size_t> Choose(BitmapView open, size_t pool);

 private:
  void CompareWithNext(size_t i);
  std::span<const float> VectorOf(ItemRow row) const;

  Options options_;
  std::span<const Candidate> candidates_;
  // By candidate: its value if it is similar to nothing, and its value beside
  // the placed items that it was compared with.
  std::vector<float> most_;
  std::vector<float> bounds_;
  std::vector<float> lengths_;      // by candidate; negative: not computed yet
  std::vector<uint32_t> compared_;  // by candidate: with this many placed items
  std::vector<ItemRow> placed_;
  std::vector<float> placed_lengths_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_RERANK_DIVERSITY_H_
