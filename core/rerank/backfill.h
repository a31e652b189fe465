// Popular titles for the places that the candidates leave empty.
//
// Every search is bounded. What caps close is taken out of the searched set
// value by value (value_bitmaps.h), so that a search which can find nothing
// ends at once instead of at the end of the catalogue; a search that went on to
// a title goes on from there at the next place; and all searches of one list
// together look at no more than kMaxSteps titles.
#ifndef MARQUEE_CORE_RERANK_BACKFILL_H_
#define MARQUEE_CORE_RERANK_BACKFILL_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/ids.h"
#include "core/catalog/bitmap.h"
#include "core/rerank/cap_counter.h"

namespace marquee {

// Two lists of titles, the better one first; the second is a superset of the
// first and may repeat it.
struct PopularTitles {
  std::span<const ItemRow> in_country;
  std::span<const ItemRow> everywhere;
};

// Working memory of one worker. Externally synchronised; allocates only until
// it has grown.
class Backfill {
 public:
  // Titles of the lists that one request looks at: about a millisecond.
  static constexpr size_t kMaxSteps = size_t{1} << 19;

  // Begins a list. Nothing is done before a place needs it. The spans must
  // outlive the list; `eligible`: by row.
  void Begin(const PopularTitles& titles, BitmapView eligible);

  // The title stands in the list or is a candidate: it is not given out.
  void Take(ItemRow row);

  // The most popular title that is eligible, not taken and fits, under the caps
  // of the mode, at the place of `caps`. nullopt: there is none, or
  // was_cut_off().
  std::optional<ItemRow> Find(const CapCounter& caps, CapMode mode);

  // Whether a search of this list ended at kMaxSteps.
  bool was_cut_off() const { return steps_left_ == 0; }

 private:
  // Through the titles that no value of a set has.
  struct Search {
    std::vector<ClosedValue> closed;  // the set
    std::vector<uint64_t> open;       // what may still be found
    size_t at = 0;                    // in both lists, one after the other
    bool exhausted = false;
  };
  // Of one mode. The first search has an empty set.
  struct Searches {
    static constexpr size_t kKept = 4;
    std::array<Search, kKept> kept;
    size_t count = 0;
    size_t oldest = 1;   // to be replaced next
    size_t applied = 0;  // of CapCounter::closed()
  };

  void Prepare(Searches& searches) const;
  void ApplyClosed(const CapCounter& caps, CapMode mode, Searches& searches);
  Search* Pick(const CapCounter& caps, CapMode mode, Searches& searches);
  std::optional<ItemRow> Run(Search& search);

  PopularTitles titles_;
  BitmapView eligible_;
  std::vector<ItemRow> taken_;
  std::array<Searches, kCapModes> searches_;
  size_t steps_left_ = kMaxSteps;
  std::vector<ClosedValue> closed_here_;  // of the mode, at the place
};

}  // namespace marquee

#endif  // MARQUEE_CORE_RERANK_BACKFILL_H_
