// The source of what people played who played what the user played last.
#ifndef MARQUEE_CORE_SOURCES_BECAUSE_H_
#define MARQUEE_CORE_SOURCES_BECAUSE_H_

#include <span>

#include "core/catalog/related_items.h"
#include "core/sources/source_list.h"

namespace marquee {

// Lists the eligible items that are related to one of `latest`: items that the
// user played, the last one first. The score of an item is the sum of its
// relatedness to each of them; an item that was played earlier counts less, by
// the factor kFade for each one after it. `notes`: all 0, before and after.
inline constexpr float kFade = 0.95f;
void ListBecause(const RelatedItems& related, std::span<const ItemRow> latest,
                 const SourceQuery& query, RowNotes& notes, SourceList& out);

}  // namespace marquee

#endif  // MARQUEE_CORE_SOURCES_BECAUSE_H_
