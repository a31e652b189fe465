// Which sources bring candidates, and in which proportion.
#ifndef MARQUEE_CORE_SOURCES_SOURCE_MIX_H_
#define MARQUEE_CORE_SOURCES_SOURCE_MIX_H_

#include <array>
#include <cstddef>

#include "core/catalog/candidate.h"
#include "core/catalog/popularity.h"

namespace marquee {

struct SourceMix {
  // By Source. Candidates come from the sources in proportion to their weights
  // (merge.h). A source of weight 0 is not asked.
  std::array<int, kCandidateSources> weights{};
  // How far back plays count, for kTrending and for kGenre.
  Horizon horizon = Horizon::kWeek;
  Horizon genre_horizon = Horizon::kWeek;
  // An item is new for so many days after its beginning.
  int new_days = 365;

  // The mix where no rule says otherwise. Chosen by hand, between films, where
  // old tastes say most, and a shop, where what trends does
  // (tests/integration/movielens.sh, online_retail.sh).
  static SourceMix Default();

  int weight(Source source) const {
    return weights[static_cast<size_t>(source)];
  }
  int& weight(Source source) { return weights[static_cast<size_t>(source)]; }
  bool empty() const;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_SOURCES_SOURCE_MIX_H_
