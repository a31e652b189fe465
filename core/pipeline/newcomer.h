// The list for people whom nothing places: what their country watches, with new
// titles mixed in.
#ifndef MARQUEE_CORE_PIPELINE_NEWCOMER_H_
#define MARQUEE_CORE_PIPELINE_NEWCOMER_H_

#include <cstddef>
#include <vector>

#include "core/catalog/bitmap.h"
#include "core/pipeline/viewer_context.h"
#include "core/rerank/boosts.h"
#include "core/snapshot/snapshot.h"

namespace marquee {

// Every place of this number goes to a fresh title.
inline constexpr size_t kFreshEvery = 5;
// Fresh: released at most this long before the request.
inline constexpr int kFreshDays = 365;

// Fills `out` with up to `count` eligible titles, best first, scores falling by
// one: the most watched of the viewer's country, then of all countries; every
// fifth a fresh one, latest first, as long as there are any. `taken` is working
// memory.
void ListPopular(const Snapshot& snapshot, const ViewerContext& viewer,
                 BitmapView eligible, size_t count,
                 std::vector<uint64_t>& taken,
                 std::vector<SlateCandidate>& out);

}  // namespace marquee

#endif  // MARQUEE_CORE_PIPELINE_NEWCOMER_H_
