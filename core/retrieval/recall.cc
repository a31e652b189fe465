#include "core/retrieval/recall.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "core/base/random.h"
#include "core/catalog/bitmap.h"

namespace marquee {

std::vector<uint64_t> RandomEligible(size_t items, double selectivity,
                                     uint64_t seed) {
  Random random(seed);
  std::vector<uint64_t> eligible(BitmapWords(items), 0);
  for (uint32_t row = 0; row < items; ++row) {
    if (random.Chance(selectivity)) SetBit(eligible, row);
  }
  return eligible;
}

size_t CountFound(std::span<const Candidate> truth,
                  std::span<const Candidate> found) {
  absl::flat_hash_set<uint32_t> rows;
  for (const Candidate& candidate : found) rows.insert(Index(candidate.row));
  return static_cast<size_t>(std::count_if(
      truth.begin(), truth.end(),
      [&](const Candidate& owed) { return rows.contains(Index(owed.row)); }));
}

}  // namespace marquee
