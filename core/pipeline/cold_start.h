// The list for people whom nothing places: what their country watches, with new
// titles mixed in.
#ifndef MARQUEE_CORE_PIPELINE_COLD_START_H_
#define MARQUEE_CORE_PIPELINE_COLD_START_H_

#include <cstddef>
#include <vector>

#include "core/catalog/bitmap.h"
#include "core/pipeline/resolved_user.h"
#include "core/rerank/boosts.h"
#include "core/snapshot/snapshot.h"

namespace marquee {

// Every place of this number goes to a fresh title.
inline constexpr size_t kFreshEvery = 5;
// Fresh: released at most this long before the request.
inline constexpr int kFreshDays = 365;

// Fills `out` with up to `count` eligible titles, best first. A title's score
// is the logarithm of its share of the plays in the user's country; scores
// fall strictly. Every fifth place goes to a fresh title, latest first, as long
// as there are any, with a score between those of its neighbours: the share is
// what being fresh gives it, so rules of freshness leave it there. A title
// without plays has no other way in. `taken` is working memory.
void ListPopular(const Snapshot& snapshot, const ResolvedUser& user,
                 BitmapView eligible, size_t count,
                 std::vector<uint64_t>& taken, std::vector<Candidate>& out);

}  // namespace marquee

#endif  // MARQUEE_CORE_PIPELINE_COLD_START_H_
