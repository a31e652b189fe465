#include "core/retrieval/code_top_k.h"

#include <algorithm>
#include <functional>

namespace marquee {
void CodeTopK::Reset(size_t keep) {
  keep_ = keep;
  threshold_ = -std::numeric_limits<float>::infinity();
  keys_.clear();
  settled_.clear();
  keys_.reserve(2 * keep + kStep);
  settled_.reserve(keep);
  rows_.resize(kStep + simd::kCodeGroup);
  scores_.resize(kStep + simd::kCodeGroup);
}

void CodeTopK::Add(size_t count) {
  for (size_t i = 0; i < count; ++i) {
    keys_.push_back(KeyOf(rows_[i], scores_[i]));
  }
  // A partition after every `keep` additions takes constant time for each,
  // where a heap takes a logarithm.
  if (keys_.size() >= 2 * keep_) Shrink();
}

void CodeTopK::Shrink() {
  if (keys_.size() < keep_) return;
  const auto last = keys_.begin() + static_cast<ptrdiff_t>(keep_ - 1);
  std::nth_element(keys_.begin(), last, keys_.end(), std::greater<>());
  keys_.resize(keep_);
  threshold_ = ScoreOf(keys_.back());
}

size_t CodeTopK::Settle() {
  Shrink();
  const uint64_t worst = keys_.size() < keep_ ? 0 : keys_.back();
  // Keys that were settled and are as good as the worst have stayed. All others
  // have come since.
  const auto stayed = std::count_if(settled_.begin(), settled_.end(),
                                    [&](uint64_t key) { return key >= worst; });
  settled_.assign(keys_.begin(), keys_.end());
  return keys_.size() - static_cast<size_t>(stayed);
}

}  // namespace marquee
