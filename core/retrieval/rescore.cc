#include "core/retrieval/rescore.h"

#include <algorithm>

#include "core/retrieval/code_top_k.h"
#include "core/simd/dot.h"

namespace marquee {
namespace {

constexpr size_t kAhead = 8;  // prefetch distance, in items
constexpr size_t kFloatsPerLine = 16;

}  // namespace

size_t Rescore(const ItemVectors& vectors, std::span<const float> query,
               std::span<const uint64_t> keys, size_t k,
               std::vector<Candidate>& scratch, std::span<Candidate> out) {
  const auto row = [&](size_t i) { return ItemRow{CodeTopK::RowOf(keys[i])}; };
  const auto prefetch = [&](size_t i) {
    if (i >= keys.size()) return;
    const float* const vector = vectors[row(i)].data();
    for (size_t d = 0; d < vectors.dimension(); d += kFloatsPerLine) {
      __builtin_prefetch(vector + d);
    }
  };
  scratch.clear();
  for (size_t i = 0; i < kAhead; ++i) prefetch(i);
  for (size_t i = 0; i < keys.size(); ++i) {
    prefetch(i + kAhead);
    const float score =
        simd::Dot(query.data(), vectors[row(i)].data(), vectors.dimension());
    scratch.push_back({row(i), score});
  }
  const size_t count = std::min(k, scratch.size());
  const auto end = scratch.begin() + static_cast<ptrdiff_t>(count);
  if (end != scratch.end()) {
    std::nth_element(scratch.begin(), end, scratch.end(), Better);
  }
  std::sort(scratch.begin(), end, Better);
  std::copy(scratch.begin(), end, out.begin());
  return count;
}

}  // namespace marquee
