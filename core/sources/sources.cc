#include "core/sources/sources.h"

#include "core/sources/because.h"
#include "core/sources/trending.h"

namespace marquee {

void ListSources(const SourceTables& tables, const SourceMix& mix,
                 const SourceQuery& query, std::span<const ItemRow> latest,
                 SourceScratch& scratch) {
  for (size_t s = 0; s < kCandidateSources; ++s) {
    const Source source = static_cast<Source>(s);
    SourceList& list = scratch.list(source);
    if (source == Source::kPersonal) continue;
    if (mix.weight(source) == 0) {
      list.Clear();
      continue;
    }
    switch (source) {
      case Source::kTrending:
        ListTrending(*tables.popularity, mix.horizon, query, scratch.notes,
                     list);
        break;
      case Source::kNew:
        ListNew(*tables.popularity, mix.new_days, query, list);
        break;
      case Source::kBecause:
        ListBecause(*tables.related_items, latest, query, scratch.notes, list);
        break;
      default:
        ListGenre(*tables.popularity, mix.genre_horizon,
                  tables.catalog->FindAttribute("genre"), query, list);
    }
  }
}

}  // namespace marquee
