// An item on its way through the stages of a request.
//
//   std::vector<Candidate> candidates(500);
//   candidates.resize(retriever.Retrieve(query, scratch, candidates));
//   std::sort(candidates.begin(), candidates.end(), Better);
#ifndef MARQUEE_CORE_CATALOG_CANDIDATE_H_
#define MARQUEE_CORE_CATALOG_CANDIDATE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "core/base/ids.h"

namespace marquee {

// What brought an item into the list. The first kCandidateSources bring
// candidates, the others fill places of the list.
enum class Source : uint8_t {
  kPersonal,  // near the user's vector
  kTrending,  // played most lately, in the country
  kNew,       // the latest releases
  kBecause,   // played by those who played what the user played last
  kGenre,     // trending in the user's genres
  kPopular,   // fills a place that no candidate could take
  kPinned,    // placed by an editor
  kSimilar,   // near an item
};
inline constexpr size_t kSources = 8;
inline constexpr size_t kCandidateSources = 5;
absl::string_view SourceName(Source source);
// Returns the source of candidates with this name.
std::optional<Source> FindCandidateSource(absl::string_view name);
// Returns the names of all of them: "personal, trending, …".
std::string CandidateSourceNames();

struct Candidate {
  ItemRow row{};
  // Higher is better. After retrieval: the inner product with the query's
  // vector, NaN if the item or the query has no vector. After ranking: the
  // score of the model. After the boosts of the rules: their common scale.
  float score = 0;
  Source source = Source::kPersonal;
  // Set by the boosts if the score is far from all others, see score_scale.h.
  bool outlier = false;
  // The item has its place because it is new, not by its score. That place is
  // the whole benefit of being new; rules of freshness add nothing.
  bool by_fresh_share = false;
};

// Where the sources of candidates had an item in their own lists.
struct CandidateOrigin {
  // By Source, from 1; 0: not in that list.
  std::array<uint16_t, kCandidateSources> rank{};
  // The score in the list of kBecause, more than 0; NaN: not in that list.
  float because_score = std::numeric_limits<float>::quiet_NaN();
};

// The order of every candidate list: higher score first, then lower row. So
// equal scores give the same list on every run. It is an object, because a sort
// inlines an object but calls a function.
inline constexpr auto Better = [](const Candidate& a, const Candidate& b) {
  return a.score != b.score ? a.score > b.score : a.row < b.row;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_CATALOG_CANDIDATE_H_
