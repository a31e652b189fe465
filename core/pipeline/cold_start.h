// The list for users without a vector: the popular items of their country, with
// fresh items mixed in.
#ifndef MARQUEE_CORE_PIPELINE_COLD_START_H_
#define MARQUEE_CORE_PIPELINE_COLD_START_H_

#include <cstddef>
#include <vector>

#include "core/catalog/bitmap.h"
#include "core/pipeline/resolved_user.h"
#include "core/rerank/boosts.h"
#include "core/snapshot/snapshot.h"

namespace marquee {

// Every kFreshEvery-th place goes to a fresh item.
inline constexpr size_t kFreshEvery = 5;
// An item is fresh if it was released at most this long before the request.
inline constexpr int kFreshDays = 365;

// Fills `out` with up to `count` eligible items, best first. An item's score is
// the logarithm of its share of the plays in the user's country. Scores fall
// strictly. Every fifth place goes to a fresh item, latest first, as long as
// there are any. A fresh item's score lies between those of its neighbours and
// includes the effect of its age, so rules of freshness leave it in place. An
// item without plays has no other way into the list. `taken` is working memory.
void ListPopular(const Snapshot& snapshot, const ResolvedUser& user,
                 BitmapView eligible, size_t count,
                 std::vector<uint64_t>& taken, std::vector<Candidate>& out);

}  // namespace marquee

#endif  // MARQUEE_CORE_PIPELINE_COLD_START_H_
