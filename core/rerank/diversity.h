// What a candidate is worth beside what stands in the list already: maximal
// marginal relevance (Carbonell, Goldstein, "The use of MMR, diversity-based
// reranking", SIGIR 1998).
#ifndef MARQUEE_CORE_RERANK_DIVERSITY_H_
#define MARQUEE_CORE_RERANK_DIVERSITY_H_

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/ids.h"
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
  void Begin(const Options& options,
             std::span<const SlateCandidate> candidates);
  bool on() const { return options_.strength > 0 && options_.dimension > 0; }

  // A title stands in the list, a candidate or another.
  void Place(ItemRow row);

  // (1 - strength) · relevance - strength · similarity of candidate `i`: its
  // score from 0 to 1 over the best candidates, and the largest cosine, 0 at
  // least, of its vector and one in the list. Requires: on().
  float Value(size_t i);

 private:
  float Relevance(const SlateCandidate& candidate) const;
  float Nearest(size_t i);
  std::span<const float> VectorOf(ItemRow row) const;

  Options options_;
  std::span<const SlateCandidate> candidates_;
  float lowest_ = 0;
  float highest_ = 0;
  std::vector<float> lengths_;      // by candidate; negative: not computed yet
  std::vector<float> nearest_;      // by candidate
  std::vector<uint32_t> compared_;  // by candidate: placed titles in nearest_
  std::vector<ItemRow> placed_;
  std::vector<float> placed_lengths_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_RERANK_DIVERSITY_H_
