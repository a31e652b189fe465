// The sources that every user of a country shares: what is played most lately,
// there and in a user's genres, and what is new.
#ifndef MARQUEE_CORE_SOURCES_TRENDING_H_
#define MARQUEE_CORE_SOURCES_TRENDING_H_

#include "core/catalog/attribute.h"
#include "core/catalog/popularity.h"
#include "core/sources/source_list.h"

namespace marquee {

// Lists the eligible items that the user's country plays, then those played
// elsewhere. The score is the logarithm of the share of the plays in the
// country. An item without plays is not listed. `notes`: all 0, before and
// after.
void ListTrending(const Popularity& popularity, Horizon horizon,
                  const SourceQuery& query, RowNotes& notes, SourceList& out);

// Lists the eligible items that have one of the user's favourite genres, those
// played most everywhere first. The favourites are the kFavourites genres that
// most of the seen items have. Looks at the kGenreDepth most played items
// alone. Empty for a user who has seen nothing, and without the attribute.
inline constexpr size_t kFavourites = 3;
inline constexpr size_t kGenreDepth = 4096;
void ListGenre(const Popularity& popularity, Horizon horizon,
               const Attribute* genre, const SourceQuery& query,
               SourceList& out);

// Lists the eligible items whose beginning is at most `days` days before the
// day of the request, the latest first. All have the score 0.
void ListNew(const Popularity& popularity, int days, const SourceQuery& query,
             SourceList& out);

}  // namespace marquee

#endif  // MARQUEE_CORE_SOURCES_TRENDING_H_
