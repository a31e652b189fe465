// The quality of an answer, as the time and the load allow.
#ifndef MARQUEE_CORE_PIPELINE_TIER_H_
#define MARQUEE_CORE_PIPELINE_TIER_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace marquee {

// From best to cheapest.
enum class Tier : uint8_t {
  kFull,            // every stage that the snapshot has
  kReduced,         // kReducedShare of the candidates and of the search width
  kRetrievalOrder,  // the same without the ranker
  kPopular,         // the cold-start list: no retrieval
};
inline constexpr size_t kTiers = 4;
absl::string_view TierName(Tier tier);

inline constexpr float kReducedShare = 0.3f;

}  // namespace marquee

#endif  // MARQUEE_CORE_PIPELINE_TIER_H_
