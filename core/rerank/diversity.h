// What a candidate is worth beside what stands in the list already: maximal
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

// Externally synchronised; used again for each request without allocating once
// it has grown.
class Diversity {
 public:
  struct Options {
    float strength = 0;  // 0: off
    // [titles with a vector × dimension].
    std::span<const float> vectors;
    size_t dimension = 0;
    // Relevance is scaled over so many of the best candidates.
    size_t scaled_over = 0;
  };

  // Begins a list. `candidates`: best first; must outlive the list.
  void Begin(const Options& options, std::span<const Candidate> candidates);
  bool on() const { return options_.strength > 0 && options_.dimension > 0; }

  // A title stands in the list, a candidate or another.
  void Place(ItemRow row);

  // (1 - strength) · relevance - strength · similarity of candidate `i`: its
  // score from 0 to 1 over the best candidates that are no outliers, and the
  // largest cosine, 0 at least, of its vector and one in the list. Requires:
  // on().
  float Value(size_t i);

  // The candidate of the largest value among the first `pool` of `open` (bit i:
  // candidate i); of equal ones the first. nullopt: `open` has none. Requires:
  // on().
  std::optional<size_t> Choose(BitmapView open, size_t pool);

 private:
  void CompareWithNext(size_t i);
  std::span<const float> VectorOf(ItemRow row) const;

  Options options_;
  std::span<const Candidate> candidates_;
  // By candidate: its value if it is like nothing, and beside those placed
  // titles that it was compared with.
  std::vector<float> most_;
  std::vector<float> bounds_;
  std::vector<float> lengths_;      // by candidate; negative: not computed yet
  std::vector<uint32_t> compared_;  // by candidate: with so many placed titles
  std::vector<ItemRow> placed_;
  std::vector<float> placed_lengths_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_RERANK_DIVERSITY_H_
