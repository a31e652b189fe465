#include "core/retrieval/rescore.h"

#include <algorithm>
#include <bit>

#include "core/retrieval/code_top_k.h"
#include "core/simd/dot.h"

namespace marquee {
namespace {

constexpr size_t kAhead = 8;  // prefetch distance, in items
constexpr size_t kFloatsPerLine = 16;

// A number that orders candidates as Better does when it ascends: by falling
// score, then by row. A sort moves its eight bytes, not the twelve of a
// candidate.
uint64_t KeyOf(ItemRow row, float score) {
  const auto bits = std::bit_cast<uint32_t>(score + 0.0f);  // -0 becomes 0
  const uint32_t ascending = bits >> 31 != 0 ? ~bits : bits | 0x80000000u;
  return uint64_t{~ascending} << 32 | Index(row);
}

Candidate FromKey(uint64_t key) {
  const auto ascending = static_cast<uint32_t>(~key >> 32);
  const uint32_t bits =
      ascending >> 31 != 0 ? ascending & 0x7fffffffu : ~ascending;
  return {ItemRow{static_cast<uint32_t>(key)}, std::bit_cast<float>(bits)};
}

}  // namespace

size_t Rescore(const ItemVectors& vectors, std::span<const float> query,
               std::span<const uint64_t> keys, size_t k,
               std::vector<uint64_t>& scratch, std::span<Candidate> out) {
  const auto row = [&](size_t i) { return ItemRow{CodeTopK::RowOf(keys[i])}; };
  // Two thirds of this step are the fetching of vectors (docs/measurements.md):
  // the items are all over the array.
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
    scratch.push_back(KeyOf(row(i), score));
  }
  const size_t count = std::min(k, scratch.size());
  const auto end = scratch.begin() + static_cast<ptrdiff_t>(count);
  if (end != scratch.end()) {
    std::nth_element(scratch.begin(), end, scratch.end());
  }
  std::sort(scratch.begin(), end);
  std::transform(scratch.begin(), end, out.begin(), FromKey);
  return count;
}

}  // namespace marquee
