#include "core/sources/sources.h"

#include <algorithm>

#include "core/sources/because.h"
#include "core/sources/trending.h"

namespace marquee {
namespace {

// How many items a source lists. The nearest by vector fill the places of the
// others, so beside them a list need not be longer than twice the source's
// places: half of it may be on other lists.
size_t LengthOf(const SourceMix& mix, Source source, size_t count) {
  if (mix.weight(Source::kPersonal) == 0) return count;
  size_t all = 0;
  for (const int weight : mix.weights) all += static_cast<size_t>(weight);
  const auto own = static_cast<size_t>(mix.weight(source));
  return std::min(count, 2 * count * own / all + 1);
}

}  // namespace

void ListSources(const SourceTables& tables, const SourceMix& mix,
                 const SourceQuery& query, std::span<const ItemRow> latest,
                 SourceScratch& scratch) {
  SourceQuery own = query;
  for (size_t s = 0; s < kCandidateSources; ++s) {
    const Source source = static_cast<Source>(s);
    SourceList& list = scratch.list(source);
    if (source == Source::kPersonal) continue;
    if (mix.weight(source) == 0) {
      list.Clear();
      continue;
    }
    own.count = LengthOf(mix, source, query.count);
    switch (source) {
      case Source::kTrending:
        ListTrending(*tables.popularity, mix.horizon, own, scratch.notes,
                     list);
        break;
      case Source::kNew:
        ListNew(*tables.popularity, mix.new_days, own, list);
        break;
      case Source::kBecause:
        ListBecause(*tables.related_items, latest, own, scratch.notes, list);
        break;
      default:
        ListGenre(*tables.popularity, mix.genre_horizon,
                  tables.catalog->FindAttribute("genre"), own, list);
    }
  }
}

}  // namespace marquee
