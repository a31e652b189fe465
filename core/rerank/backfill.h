// Popular items for the places that the candidates leave empty.
//
// A search walks down the lists of popular items. It passes over items that are
// not in the set of those that may still be found. Two kinds of caps restrict
// it:
// - A value that a cap of the whole list closes leaves the set for good, as a
//   bitmap (value_bitmaps.h).
// - A value that a window cap closes at one place is checked item by item.
//
// A walk that finds nothing soon stops. The search then checks the whole set,
// to learn whether the closed values leave any item at all. A filter and a
// window cap on one value leave none; nor do window caps that close every
// value.
//
// Each search remembers the items that it has passed over. A later search with
// at least the same values closed does not check them again. For one list, each
// mode takes at most kMaxSteps for walks, and at most as many for checks of the
// whole set. Checks that find nothing take no steps from the walks.
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

// Two lists of items, the better one first. The second is a superset of the
// first and may repeat it.
struct PopularItems {
  std::span<const ItemRow> in_country;
  std::span<const ItemRow> everywhere;
};

// Working memory of one worker. Externally synchronised. Allocates only until
// it has grown.
class Backfill {
 public:
  // The steps of one mode in one list, for walks and again for checks of the
  // whole set. All steps cost about the same. An item of the lists is one step,
  // and one more per common value that is closed. An item that caps are checked
  // for is kAskSteps more. kWordsOfStep words of a bitmap are one step.
  static constexpr size_t kMaxSteps = size_t{1} << 19;
  static constexpr size_t kAskSteps = 8;
  static constexpr size_t kWordsOfStep = 8;
  // The steps of a walk before the check of the whole set.
  static constexpr size_t kPatience = 256;

  // Begins a list. Does no work before a place needs it. The spans must outlive
  // the list. `eligible`: by row.
  void Begin(const PopularItems& items, BitmapView eligible);

  // Marks an item that is in the list or a candidate: Find does not return it.
  void Take(ItemRow row);

  // Returns the most popular item that is eligible, not taken and fits under
  // the caps of the mode, at the place of `caps`. nullopt: there is none, or
  // was_cut_off().
  std::optional<ItemRow> Find(const CapCounter& caps, CapMode mode);

  // Whether a search of this list ended at kMaxSteps.
  bool was_cut_off() const {
    return searches_[0].cut_off || searches_[1].cut_off;
  }

 private:
  // No item of the lists before `at` fits if at least these values are closed.
  struct Passed {
    std::vector<ClosedValue> closed;
    size_t at = 0;
  };
  struct CommonValue {
    ClosedValue closed;
    BitmapView items;
  };
  // Of one mode.
  struct Search {
    bool prepared = false;
    bool cut_off = false;
    std::vector<uint64_t> open;  // what may still be found
    size_t applied = 0;          // of CapCounter::closed()
    size_t first = 0;            // nothing before it is open
    size_t walk_left = 0;        // steps
    size_t look_left = 0;        // steps
    std::array<Passed, 4> passed;
    size_t oldest = 0;  // of `passed`, to be replaced next
  };

  void Prepare(Search& search) const;
  static void ApplyClosed(const CapCounter& caps, CapMode mode, Search& search);
  void ListClosedHere(const CapCounter& caps, CapMode mode);
  size_t StartOf(const Search& search) const;
  std::optional<ItemRow> Walk(const CapCounter& caps, CapMode mode,
                              size_t patience, Search& search,
                              size_t& at) const;
  bool LeavesNothing(const CapCounter& caps, CapMode mode,
                     Search& search) const;
  bool AreAllClosed(const CapCounter& caps, CapMode mode, Search& search) const;
  static void Remember(Search& search, std::span<const ClosedValue> closed,
                       size_t at);

  ItemRow ItemAt(size_t at) const {
    const size_t first = items_.in_country.size();
    return at < first ? items_.in_country[at] : items_.everywhere[at - first];
  }
  size_t size() const {
    return items_.in_country.size() + items_.everywhere.size();
  }

  PopularItems items_;
  BitmapView eligible_;
  std::vector<ItemRow> taken_;
  std::array<Search, kCapModes> searches_;
  std::vector<ClosedValue> closed_here_;  // of the mode, at the place
  std::vector<CommonValue> common_;       // of those
};

}  // namespace marquee

#endif  // MARQUEE_CORE_RERANK_BACKFILL_H_
