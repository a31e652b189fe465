// All sources of candidates but the nearest by vector, which core/retrieval
// finds.
//
//   SourceScratch scratch(catalog.size());  // one per worker
//   scratch.lists[personal] = …;            // from retrieval
//   ListSources(tables, mix, query, latest, scratch);
//   MergeSources(mix, scratch.lists, 500, scratch.notes, candidates, origins);
#ifndef MARQUEE_CORE_SOURCES_SOURCES_H_
#define MARQUEE_CORE_SOURCES_SOURCES_H_

#include <span>

#include "core/catalog/catalog.h"
#include "core/catalog/popularity.h"
#include "core/catalog/related_items.h"
#include "core/sources/merge.h"
#include "core/sources/source_list.h"
#include "core/sources/source_mix.h"

namespace marquee {

// What the sources read. All must outlive the use.
struct SourceTables {
  const Catalog* catalog = nullptr;
  const Popularity* popularity = nullptr;
  const RelatedItems* related_items = nullptr;
};

// Working memory of one worker. Externally synchronised.
struct SourceScratch {
  explicit SourceScratch(size_t items) : notes(items) {}

  SourceList& list(Source source) { return lists[static_cast<size_t>(source)]; }

  RowNotes notes;  // all 0 between uses
  SourceLists lists;
};

// Fills the lists of every source of `mix` but kPersonal, which it leaves as it
// is; those of other sources are empty. `latest`: the items that the user
// played last, the last one first. Allocates nothing once the scratch has
// grown.
void ListSources(const SourceTables& tables, const SourceMix& mix,
                 const SourceQuery& query, std::span<const ItemRow> latest,
                 SourceScratch& scratch);

}  // namespace marquee

#endif  // MARQUEE_CORE_SOURCES_SOURCES_H_
