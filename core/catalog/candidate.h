// An item on its way through the stages of a request.
//
//   std::vector<Candidate> candidates(500);
//   candidates.resize(retriever.Retrieve(query, scratch, candidates));
//   std::sort(candidates.begin(), candidates.end(), Better);
#ifndef MARQUEE_CORE_CATALOG_CANDIDATE_H_
#define MARQUEE_CORE_CATALOG_CANDIDATE_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "core/base/ids.h"

namespace marquee {

// What brought an item into the list.
enum class Source : uint8_t { kPersonal, kPopular, kFresh, kPinned, kSimilar };
inline constexpr size_t kSources = 5;
absl::string_view SourceName(Source source);

struct Candidate {
  ItemRow row{};
  // Higher is better. After retrieval: the inner product with the query's
  // vector, NaN if the item or the query has no vector. After ranking: the
  // score of the model. After the boosts of the rules: their common scale.
  float score = 0;
  Source source = Source::kPersonal;
  // Set by the boosts if the score is far from all others, see score_scale.h.
  bool outlier = false;
  // The item is in the share of places that is kept for fresh items. That place
  // is the whole benefit of being fresh; rules of freshness add nothing.
  bool by_fresh_share = false;
};

// The order of every candidate list: higher score first, then lower row. So
// equal scores give the same list on every run. It is an object, because a sort
// inlines an object but calls a function.
inline constexpr auto Better = [](const Candidate& a, const Candidate& b) {
  return a.score != b.score ? a.score > b.score : a.row < b.row;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_CATALOG_CANDIDATE_H_
