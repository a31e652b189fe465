#include "tests/bench/bench_filter.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/check.h"
#include "core/base/random.h"
#include "core/catalog/bitmap.h"
#include "core/catalog/candidate.h"
#include "core/retrieval/recall.h"
#include "core/simd/dot.h"

namespace marquee {
namespace {

constexpr uint64_t kSeed = 5;

// The given share of the items: those farthest in a random direction.
std::vector<uint64_t> HalfSpace(const ItemVectors& vectors, double share) {
  Random random(kSeed);
  std::vector<float> direction(vectors.dimension());
  for (float& x : direction) x = static_cast<float>(random.Normal());
  std::vector<Candidate> items;
  for (uint32_t row = 0; row < vectors.size(); ++row) {
    items.push_back(
        {ItemRow{row}, simd::Dot(direction.data(), vectors[ItemRow{row}].data(),
                                 direction.size())});
  }
  const auto count = static_cast<size_t>(
      std::llround(share * static_cast<double>(items.size())));
  const auto end = items.begin() + static_cast<ptrdiff_t>(count);
  std::nth_element(items.begin(), end, items.end(), Better);
  std::vector<uint64_t> bits(BitmapWords(items.size()), 0);
  for (auto item = items.begin(); item != end; ++item) {
    SetBit(bits, Index(item->row));
  }
  return bits;
}

}  // namespace

BenchFilter MakeBenchFilter(const ItemVectors& vectors, const std::string& kind,
                            double selectivity) {
  BenchFilter filter{.kind = kind, .selectivity = selectivity};
  if (kind == "random") {
    filter.eligible = RandomEligible(vectors.size(), selectivity, kSeed);
  } else {
    MARQUEE_CHECK(kind == "two_attributes");
    const double share = std::sqrt(selectivity);
    filter.eligible = RandomEligible(vectors.size(), share, kSeed);
    AndInto(filter.eligible, HalfSpace(vectors, share));
  }
  filter.count = CountBits(filter.eligible);
  return filter;
}

}  // namespace marquee
