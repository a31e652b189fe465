// Keeps the k best candidates of a stream.
#ifndef MARQUEE_CORE_RETRIEVAL_TOP_K_H_
#define MARQUEE_CORE_RETRIEVAL_TOP_K_H_

#include <algorithm>
#include <cstddef>
#include <vector>

#include "core/catalog/candidate.h"

namespace marquee {

// Externally synchronised. Reused for each request; does not allocate once it
// has grown.
class TopK {
 public:
  // Empties it and sets the number of candidates to keep. Requires: k >= 1.
  void Reset(size_t k) {
    k_ = k;
    heap_.clear();
    heap_.reserve(k);
  }

  void Push(Candidate candidate) {
    if (heap_.size() < k_) {
      heap_.push_back(candidate);
      std::push_heap(heap_.begin(), heap_.end(), Better);
    } else if (Better(candidate, heap_.front())) {
      std::pop_heap(heap_.begin(), heap_.end(), Better);
      heap_.back() = candidate;
      std::push_heap(heap_.begin(), heap_.end(), Better);
    }
  }

  // Writes the candidates, best first, returns their number and empties it.
  // Requires: `out` has room for min(k, number of pushed candidates).
  size_t TakeSorted(Candidate* out) {
    const size_t count = heap_.size();
    std::sort_heap(heap_.begin(), heap_.end(), Better);
    std::copy(heap_.begin(), heap_.end(), out);
    heap_.clear();
    return count;
  }

 private:
  size_t k_ = 0;
  std::vector<Candidate> heap_;  // the worst on top
};

}  // namespace marquee

#endif  // MARQUEE_CORE_RETRIEVAL_TOP_K_H_
