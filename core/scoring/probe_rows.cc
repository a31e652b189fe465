#include "core/scoring/probe_rows.h"

#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <span>
#include <vector>

#include "core/base/random.h"

namespace marquee {
namespace {

// Returns the cuts of each feature.
std::vector<std::vector<float>> CutsOf(const Forest& forest) {
  std::vector<std::vector<float>> cuts(forest.num_features());
  for (const Tree& tree : forest.trees()) {
    for (const Split& split : tree.splits) {
      if (!split.is_categorical) {
        cuts[split.feature].push_back(static_cast<float>(split.threshold));
      }
      for (const uint32_t category : tree.categories_of(split)) {
        cuts[split.feature].push_back(static_cast<float>(category));
      }
    }
  }
  return cuts;
}

// Returns a number from -4 to 4.
float Number(Random& random) {
  return static_cast<float>(8 * random.Uniform() - 4);
}

uint32_t Below(size_t count, Random& random) {
  return random.Below(static_cast<uint32_t>(count));
}

float Draw(std::span<const float> cuts, Random& random) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  constexpr float kSpecial[] = {kInfinity, -kInfinity, 0.0f,   -0.0f, 1e-35f,
                                -1e-35f,   1e-40f,     2e-35f, -0.5f, 2.5f};
  if (random.Below(20) == 0) return std::numeric_limits<float>::quiet_NaN();
  if (random.Below(20) == 0)
    return kSpecial[Below(std::size(kSpecial), random)];
  if (cuts.empty() || random.Below(4) == 0) return Number(random);
  const float cut = cuts[Below(cuts.size(), random)];
  switch (random.Below(4)) {
    case 0:
      return std::nextafter(cut, kInfinity);
    case 1:
      return std::nextafter(cut, -kInfinity);
    default:
      return cut;
  }
}

}  // namespace

FeatureMatrix MakeProbeRows(const Forest& forest, size_t count) {
  const std::vector<std::vector<float>> cuts = CutsOf(forest);
  Random random(1);
  FeatureMatrix rows(count, forest.num_features());
  rows.SetRows(count);
  for (size_t row = 0; row < count; ++row) {
    for (size_t f = 0; f < forest.num_features(); ++f) {
      rows.At(row, f) = Draw(cuts[f], random);
    }
  }
  return rows;
}

}  // namespace marquee
