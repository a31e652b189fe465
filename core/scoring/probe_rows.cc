#include "core/scoring/probe_rows.h"

#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <random>
#include <span>
#include <vector>

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

// A random source of our own: distributions of the standard library differ from
// one implementation to another.
class Source {
 public:
  uint32_t Below(size_t count) {
    return static_cast<uint32_t>(random_() % count);
  }
  // Returns a number from -4 to 4.
  float Number() { return static_cast<float>(random_()) * 0x1p-29f - 4.0f; }

 private:
  std::mt19937 random_{1};
};

float Draw(std::span<const float> cuts, Source& source) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  constexpr float kSpecial[] = {kInfinity, -kInfinity, 0.0f,   -0.0f, 1e-35f,
                                -1e-35f,   1e-40f,     2e-35f, -0.5f, 2.5f};
  if (source.Below(20) == 0) return std::numeric_limits<float>::quiet_NaN();
  if (source.Below(20) == 0) return kSpecial[source.Below(std::size(kSpecial))];
  if (cuts.empty() || source.Below(4) == 0) return source.Number();
  const float cut = cuts[source.Below(cuts.size())];
  switch (source.Below(4)) {
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
  Source source;
  FeatureMatrix rows(count, forest.num_features());
  rows.SetRows(count);
  for (size_t row = 0; row < count; ++row) {
    for (size_t f = 0; f < forest.num_features(); ++f) {
      rows.At(row, f) = Draw(cuts[f], source);
    }
  }
  return rows;
}

}  // namespace marquee
