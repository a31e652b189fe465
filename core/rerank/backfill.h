// Popular titles for the places that the candidates leave empty.
//
// A search walks down the lists of popular titles through a set of those that
// are left. Values that caps of the whole list close leave the set for good,
// as bitmaps (value_bitmaps.h). Those that window caps close at one place are
// looked at title by title. A walk that finds nothing soon stops for a look at
// the whole set, whether they leave anything at all: a filter and a window cap
// on one value leave nothing, nor do window caps that close every value.
// What a search has passed over is not looked at again by a search for which
// at least the same values are closed. For one list each mode walks no more
// than kMaxSteps, and looks no more than that: looks that lead to nothing take
// nothing from the walks.
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
  // Steps of one mode in one list, to walk and again to look, all of about the
  // same cost: a title of the lists is one and one for each common value that
  // is closed, a title that caps are asked about kAskSteps more, kWordsOfStep
  // words of a bitmap are one.
  static constexpr size_t kMaxSteps = size_t{1} << 19;
  static constexpr size_t kAskSteps = 8;
  static constexpr size_t kWordsOfStep = 8;
  // Of a walk, before the look.
  static constexpr size_t kPatience = 256;

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
  bool was_cut_off() const {
    return searches_[0].cut_off || searches_[1].cut_off;
  }

 private:
  // No title of the lists before `at` fits where at least these are closed.
  struct Passed {
    std::vector<ClosedValue> closed;
    size_t at = 0;
  };
  struct CommonValue {
    ClosedValue closed;
    BitmapView titles;
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

  ItemRow TitleAt(size_t at) const {
    const size_t first = titles_.in_country.size();
    return at < first ? titles_.in_country[at] : titles_.everywhere[at - first];
  }
  size_t size() const {
    return titles_.in_country.size() + titles_.everywhere.size();
  }

  PopularTitles titles_;
  BitmapView eligible_;
  std::vector<ItemRow> taken_;
  std::array<Search, kCapModes> searches_;
  std::vector<ClosedValue> closed_here_;  // of the mode, at the place
  std::vector<CommonValue> common_;       // of those
};

}  // namespace marquee

#endif  // MARQUEE_CORE_RERANK_BACKFILL_H_
