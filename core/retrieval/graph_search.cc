#include "core/retrieval/graph_search.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/retrieval/code_top_k.h"
#include "core/retrieval/rescore.h"

namespace marquee {
namespace {

// Items that are expanded at once. Fewer: the walk waits for memory. More: it
// expands items that a later step would have made unnecessary.
constexpr size_t kBatch = 8;
constexpr size_t kIdsPerLine = 16;
constexpr size_t kFewPerWidth = 4;

}  // namespace

// One query.
class GraphSearch::Walk {
 public:
  Walk(const GraphSearch& engine, const RetrievalQuery& query,
       RetrievalScratch& scratch)
      : engine_(engine),
        query_(query),
        visited_(scratch.visited.span()),
        scratch_(scratch),
        met_(scratch.walk.met),
        scores_(scratch.walk.scores),
        buckets_(scratch.walk.buckets) {
    const size_t stride = engine.codes_.matrix().stride;
    if (scratch.query_code.size() != stride) {
      scratch.query_code = AlignedBuffer<int8_t>(stride);
    }
    simd::EncodeQuery(query.vector, scratch.query_code.span());
    std::fill(visited_.begin(), visited_.end(), 0);
    scratch.walk.keys.clear();
  }

  // Writes the keys of the eligible items met that may be among the best
  // `width` into scratch.walk.keys. Returns false and writes nothing if the
  // query gives all entries the same score: then no neighbour is better than
  // another.
  bool Run(size_t width) {
    if (!Begin(width)) return false;
    while (Collect()) {
      Score();
      Admit();
    }
    const auto is_worse = [&](uint64_t key) {
      return !buckets_.Admits(buckets_.BucketOf(CodeTopK::ScoreOf(key)));
    };
    std::vector<uint64_t>& keys = scratch_.walk.keys;
    std::erase_if(keys, is_worse);
    // If many scores are beyond the range of the buckets, they share the first
    // one.
    const size_t most = 2 * width;
    if (keys.size() > most) {
      std::nth_element(keys.begin(), keys.begin() + ptrdiff_t(most), keys.end(),
                       std::greater<>());
      keys.resize(most);
    }
    return true;
  }

 private:
  bool Begin(size_t width) {
    met_.clear();
    for (const uint32_t entry : engine_.graph_.entries()) Meet(entry);
    Score();
    // The entries are one item in a thousand. The best of them is about as good
    // as the worst of the answer, and the buckets must distinguish scores in
    // that region.
    const auto [low, high] =
        std::minmax_element(scores_.begin(), scores_.end());
    if (!(*high > *low)) return false;
    buckets_.Reset(*low, *high + (*high - *low), width);
    Admit();
    return true;
  }

  // Lists the neighbours, not met yet, of the best items. Returns false if no
  // item is left to expand.
  bool Collect() {
    uint32_t items[kBatch];
    size_t count = 0;
    while (count < kBatch && buckets_.Pop(items[count])) {
      const uint32_t* const list =
          engine_.graph_.Neighbors(items[count]).data();
      for (size_t i = 0; i < engine_.graph_.max_degree(); i += kIdsPerLine) {
        __builtin_prefetch(list + i);
      }
      ++count;
    }
    // In a second loop, when the lists of all items are on their way.
    met_.clear();
    for (size_t t = 0; t < count; ++t) {
      for (const uint32_t item : engine_.graph_.Neighbors(items[t])) {
        if (item == kNoNeighbor) break;
        Meet(item);
      }
    }
    return count > 0;
  }

  // Lists and prefetches an item that was not met yet.
  void Meet(uint32_t item) {
    if (TestBit(visited_, item)) return;
    SetBit(visited_, item);
    const simd::CodeMatrix& matrix = engine_.codes_.matrix();
    __builtin_prefetch(matrix.codes + item * matrix.stride);
    __builtin_prefetch(matrix.scales + item);
    met_.push_back(item);
  }

  void Score() {
    scores_.resize(met_.size());
    engine_.scores_(engine_.codes_.matrix(), scratch_.query_code.data(),
                    met_.data(), met_.size(), scores_.data());
  }

  void Admit() {
    for (size_t i = 0; i < met_.size(); ++i) {
      const uint32_t bucket = buckets_.BucketOf(scores_[i]);
      if (!buckets_.Admits(bucket)) continue;
      buckets_.Push(bucket, met_[i]);
      if (!TestBit(query_.eligible, met_[i])) continue;
      buckets_.Count(bucket);
      scratch_.walk.keys.push_back(CodeTopK::KeyOf(met_[i], scores_[i]));
    }
  }

  const GraphSearch& engine_;
  const RetrievalQuery& query_;
  const MutableBitmap visited_;
  RetrievalScratch& scratch_;
  std::vector<uint32_t>& met_;
  std::vector<float>& scores_;
  ScoreBuckets& buckets_;
};

GraphSearch::GraphSearch(const Graph& graph, const ItemVectors& vectors,
                         const ItemCodes& codes, const CellScan& exact,
                         const Options& options)
    : graph_(graph),
      vectors_(vectors),
      codes_(codes),
      exact_(exact),
      options_(options),
      scores_(simd::CodeScoresFor(options.isa)) {}

size_t GraphSearch::Retrieve(const RetrievalQuery& query,
                             RetrievalScratch& scratch,
                             std::span<Candidate> out) const {
  if (query.k == 0 || query.eligible_count == 0) return 0;
  const float per_k = std::max(1.0f, options_.width_per_k * query.effort);
  const size_t width =
      static_cast<size_t>(std::ceil(per_k * static_cast<float>(query.k)));
  // The walk ends when it has met `width` eligible items that are better than
  // what is left. If hardly more are eligible, it would meet all items.
  const bool few = query.eligible_count <= kFewPerWidth * width;
  const bool walked =
      !graph_.empty() && !few && Walk(*this, query, scratch).Run(width);
  const size_t owed = std::min(query.k, query.eligible_count);
  if (!walked || scratch.walk.keys.size() < owed) {
    return exact_.Retrieve(query, scratch, out);
  }
  return Rescore(vectors_, query.vector, scratch.walk.keys, query.k,
                 scratch.rescored, out);
}

}  // namespace marquee
