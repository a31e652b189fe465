// Where and when each item may be shown.
//
// The section stores these facts in two forms. The windows of an item answer
// for one item; the final check and explanations read them. The calendar of a
// country lists, in the order of time, the items that open or close there. The
// windows of an item are merged, so each entry flips exactly one bit. The set
// at any moment is the set at any other moment with the entries in between
// flipped.
#ifndef MARQUEE_CORE_CATALOG_LICENCE_CALENDAR_H_
#define MARQUEE_CORE_CATALOG_LICENCE_CALENDAR_H_

#include <cstdint>
#include <limits>
#include <memory>
#include <span>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "core/base/ids.h"
#include "core/catalog/bitmap.h"
#include "core/catalog/string_table.h"
#include "core/files/array_file.h"

namespace marquee {

// A moment of the calendar: whole Unix seconds, clamped to 1970 … 2106.
using CalendarSecond = uint32_t;
inline constexpr CalendarSecond kNeverEnds =
    std::numeric_limits<CalendarSecond>::max();
CalendarSecond ToCalendarSecond(absl::Time t);

// A country of the calendar. The last index stands for every country that the
// calendar does not list.
enum class CountryIndex : uint16_t {};
inline constexpr CountryIndex kEveryCountry{0xFFFF};

struct StoredWindow {
  CountryIndex country;  // kEveryCountry: everywhere
  uint16_t reserved = 0;
  CalendarSecond start;  // first second inside the window
  CalendarSecond end;    // first second after it; kNeverEnds: no end
};

// A view of the section `licences`, which must outlive it. Immutable after
// construction.
class LicenceCalendar {
 public:
  // Errors: DataLoss that names the array.
  static absl::StatusOr<std::unique_ptr<const LicenceCalendar>> Open(
      const ArrayFile& file, size_t items);

  size_t items() const { return items_; }
  // The number of listed countries, plus one for all others.
  size_t countries() const { return countries_.size() + 1; }
  // Finds an upper-case ISO code. An unknown or empty code gets the last index;
  // there, only items that are licensed everywhere are open.
  CountryIndex FindCountry(absl::string_view code) const;
  absl::string_view CountryCode(CountryIndex country) const;

  // Returns the windows of an item, merged, ascending by country and time.
  std::span<const StoredWindow> Windows(ItemRow row) const;
  bool IsOpen(ItemRow row, CountryIndex country, CalendarSecond t) const;

  // Returns the items that are open at second 0.
  BitmapView Initial(CountryIndex country) const;
  // Entries ascending by time: the item rows[i] is flipped from times[i] on.
  struct Flips {
    std::span<const CalendarSecond> times;
    std::span<const uint32_t> rows;
    // Returns how many entries have happened by `t`, including those at `t`.
    size_t CountUntil(CalendarSecond t) const;
  };
  Flips FlipsOf(CountryIndex country) const;

 private:
  LicenceCalendar() = default;
  absl::Status CheckWindows(const ArrayFile& file) const;
  absl::Status CheckFlips(const ArrayFile& file) const;

  size_t items_ = 0;
  StringTable countries_;
  absl::flat_hash_map<absl::string_view, CountryIndex> by_code_;
  std::span<const uint32_t> window_begin_;  // [items + 1]
  std::span<const StoredWindow> windows_;
  std::span<const uint64_t> initial_;     // [countries × words]
  std::span<const uint64_t> flip_begin_;  // [countries + 1]
  std::span<const CalendarSecond> flip_times_;
  std::span<const uint32_t> flip_rows_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_CATALOG_LICENCE_CALENDAR_H_
