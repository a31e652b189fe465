#include "core/sources/vector_scores.h"

#include <limits>

#include "core/simd/dot.h"

namespace marquee {

void ScoreByVector(const ItemVectors& vectors, std::span<const float> query,
                   const SourceList& personal,
                   std::span<const CandidateOrigin> origins,
                   std::span<Candidate> candidates) {
  const auto rank_of = [&](size_t i) {
    return origins[i].rank[static_cast<size_t>(Source::kPersonal)];
  };
  const auto needs_vector = [&](size_t i) {
    return !query.empty() && rank_of(i) == 0 && vectors.Has(candidates[i].row);
  };
  // Vectors of other sources are anywhere in memory.
  const auto prefetch = [&](size_t i) {
    if (i >= candidates.size() || !needs_vector(i)) return;
    const std::span<const float> vector = vectors[candidates[i].row];
    constexpr size_t kLine = 64 / sizeof(float);
    for (size_t d = 0; d < vector.size(); d += kLine) {
      __builtin_prefetch(vector.data() + d);
    }
  };
  constexpr size_t kAhead = 8;  // as in rescore.cc
  for (size_t i = 0; i < kAhead; ++i) prefetch(i);
  for (size_t i = 0; i < candidates.size(); ++i) {
    prefetch(i + kAhead);
    Candidate& candidate = candidates[i];
    if (const uint16_t rank = rank_of(i); rank > 0) {
      candidate.score = personal.scores[rank - 1];
    } else if (needs_vector(i)) {
      candidate.score = simd::Dot(query.data(), vectors[candidate.row].data(),
                                  vectors.dimension());
    } else {
      candidate.score = std::numeric_limits<float>::quiet_NaN();
    }
  }
}

}  // namespace marquee
