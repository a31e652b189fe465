// The state of a walk over the graph: a queue of items to expand, best first,
// and the score that all of the best items so far have at least.
#ifndef MARQUEE_CORE_RETRIEVAL_SCORE_BUCKETS_H_
#define MARQUEE_CORE_RETRIEVAL_SCORE_BUCKETS_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace marquee {

// Scores fall into buckets of equal width; bucket 0 holds the best. Adding and
// taking cost a few nanoseconds, where a heap of this size costs fifty. The
// order within a bucket is last in, first out. Externally synchronised. Reused
// for each request; does not allocate once it has grown.
class ScoreBuckets {
 public:
  static constexpr uint32_t kBuckets = 1024;

  // Empties it. Buckets distinguish scores from `low` to `high`; scores below
  // fall into the last bucket, scores above into the first. `keep` >= 1: see
  // Admits.
  void Reset(float low, float high, size_t keep) {
    high_ = high;
    per_score_ = high > low ? static_cast<float>(kBuckets) / (high - low) : 0;
    keep_ = keep;
    kept_ = 0;
    limit_ = kBuckets - 1;
    counts_.fill(0);
    heads_.fill(kNone);
    waiting_.fill(0);
    nodes_.clear();
  }

  uint32_t BucketOf(float score) const {
    const float at = (high_ - score) * per_score_;
    // Not std::clamp: NaN must go to the first bucket.
    if (!(at > 0)) return 0;
    return static_cast<uint32_t>(
        std::min(at, static_cast<float>(kBuckets - 1)));
  }
  // Whether the bucket is among those of the `keep` best counted items. Items
  // of worse buckets need not be read.
  bool Admits(uint32_t bucket) const { return bucket <= limit_; }

  // Counts an item. Requires: Admits(bucket).
  void Count(uint32_t bucket) {
    ++counts_[bucket];
    ++kept_;
    while (kept_ - counts_[limit_] >= keep_) kept_ -= counts_[limit_--];
  }

  // Adds an item to the queue.
  void Push(uint32_t bucket, uint32_t item) {
    nodes_.push_back({item, heads_[bucket]});
    heads_[bucket] = static_cast<uint32_t>(nodes_.size() - 1);
    waiting_[bucket / 64] |= uint64_t{1} << (bucket % 64);
  }
  // Takes an item of the best bucket into `item`. Returns false if no admitted
  // item is left.
  bool Pop(uint32_t& item) {
    for (uint32_t word = 0; word <= limit_ / 64; ++word) {
      if (waiting_[word] == 0) continue;
      const uint32_t bucket =
          word * 64 + static_cast<uint32_t>(std::countr_zero(waiting_[word]));
      if (!Admits(bucket)) return false;
      const Node node = nodes_[heads_[bucket]];
      heads_[bucket] = node.next;
      if (node.next == kNone) waiting_[word] &= waiting_[word] - 1;
      item = node.item;
      return true;
    }
    return false;
  }

 private:
  static constexpr uint32_t kNone = 0xFFFFFFFFu;
  struct Node {
    uint32_t item;
    uint32_t next;  // in the same bucket
  };

  float high_ = 0;
  float per_score_ = 0;
  size_t keep_ = 1;
  size_t kept_ = 0;  // counted in buckets up to limit_
  uint32_t limit_ = kBuckets - 1;
  std::array<uint32_t, kBuckets> counts_{};
  std::array<uint32_t, kBuckets> heads_{};
  std::array<uint64_t, kBuckets / 64> waiting_{};
  std::vector<Node> nodes_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_RETRIEVAL_SCORE_BUCKETS_H_
