#include "core/sources/source_mix.h"

#include <algorithm>

namespace marquee {

SourceMix SourceMix::Default() {
  SourceMix mix;
  mix.weight(Source::kPersonal) = 8;
  mix.weight(Source::kTrending) = 4;
  mix.weight(Source::kNew) = 1;
  mix.weight(Source::kBecause) = 4;
  mix.weight(Source::kGenre) = 1;
  return mix;
}

bool SourceMix::empty() const {
  return std::all_of(weights.begin(), weights.end(),
                     [](int weight) { return weight == 0; });
}

}  // namespace marquee
