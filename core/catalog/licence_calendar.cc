#include "core/catalog/licence_calendar.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace marquee {
namespace {

absl::Status Damaged(const ArrayFile& file, absl::string_view array,
                     absl::string_view what) {
  return absl::DataLossError(
      absl::StrCat(file.name(), ": array '", array, "' ", what));
}

template <typename T>
bool Partitions(std::span<const T> begin, size_t parts, size_t total) {
  return begin.size() == parts + 1 && begin.front() == 0 &&
         begin.back() == total && std::is_sorted(begin.begin(), begin.end());
}

}  // namespace

CalendarSecond ToCalendarSecond(absl::Time t) {
  const int64_t seconds = absl::ToUnixSeconds(t);  // rounds towards the past
  return static_cast<CalendarSecond>(
      std::clamp<int64_t>(seconds, 0, kNeverEnds));
}

absl::StatusOr<std::unique_ptr<const LicenceCalendar>> LicenceCalendar::Open(
    const ArrayFile& file, size_t items) {
  std::unique_ptr<LicenceCalendar> calendar(new LicenceCalendar);
  calendar->items_ = items;
  MARQUEE_ASSIGN_OR_RETURN(calendar->countries_,
                           StringTable::Open(file, "country"));
  MARQUEE_ASSIGN_OR_RETURN(calendar->window_begin_,
                           file.Array<uint32_t>("window.begin"));
  MARQUEE_ASSIGN_OR_RETURN(calendar->windows_,
                           file.Array<StoredWindow>("windows"));
  MARQUEE_ASSIGN_OR_RETURN(calendar->initial_, file.Array<uint64_t>("initial"));
  MARQUEE_ASSIGN_OR_RETURN(calendar->flip_begin_,
                           file.Array<uint64_t>("flip.begin"));
  MARQUEE_ASSIGN_OR_RETURN(calendar->flip_times_,
                           file.Array<CalendarSecond>("flip.times"));
  MARQUEE_ASSIGN_OR_RETURN(calendar->flip_rows_,
                           file.Array<uint32_t>("flip.rows"));
  if (calendar->countries_.size() >= static_cast<size_t>(kEveryCountry)) {
    return Damaged(file, "country.begin", "lists too many countries");
  }
  MARQUEE_RETURN_IF_ERROR(calendar->CheckWindows(file));
  MARQUEE_RETURN_IF_ERROR(calendar->CheckFlips(file));
  for (size_t i = 0; i < calendar->countries_.size(); ++i) {
    calendar->by_code_.emplace(calendar->countries_[i],
                               static_cast<CountryIndex>(i));
  }
  return calendar;
}

absl::Status LicenceCalendar::CheckWindows(const ArrayFile& file) const {
  if (!Partitions(window_begin_, items_, windows_.size())) {
    return Damaged(file, "window.begin", "does not partition the windows");
  }
  for (const StoredWindow& window : windows_) {
    if (window.start >= window.end)
      return Damaged(file, "windows", "has one that never opens");
    if (window.country != kEveryCountry &&
        static_cast<size_t>(window.country) >= countries_.size()) {
      return Damaged(file, "windows", "names a country that is not listed");
    }
  }
  return absl::OkStatus();
}

absl::Status LicenceCalendar::CheckFlips(const ArrayFile& file) const {
  const size_t words = BitmapWords(items_);
  if (initial_.size() != countries() * words) {
    return Damaged(file, "initial", "is not one bit for each country and item");
  }
  // Sets are counted by whole words.
  if (items_ % 64 != 0) {
    for (size_t c = 0; c < countries(); ++c) {
      if (initial_[c * words + words - 1] >> (items_ % 64) != 0) {
        return Damaged(file, "initial", "has bits past the last item");
      }
    }
  }
  if (flip_times_.size() != flip_rows_.size() ||
      !Partitions(flip_begin_, countries(), flip_times_.size())) {
    return Damaged(file, "flip.begin", "does not partition the flips");
  }
  for (size_t c = 0; c < countries(); ++c) {
    const Flips flips = FlipsOf(static_cast<CountryIndex>(c));
    if (!std::is_sorted(flips.times.begin(), flips.times.end())) {
      return Damaged(file, "flip.times", "is not ascending");
    }
  }
  if (std::any_of(flip_rows_.begin(), flip_rows_.end(),
                  [this](uint32_t row) { return row >= items_; })) {
    return Damaged(file, "flip.rows", "has a row beyond the last item");
  }
  return absl::OkStatus();
}

CountryIndex LicenceCalendar::FindCountry(absl::string_view code) const {
  const auto it = by_code_.find(code);
  return it == by_code_.end() ? static_cast<CountryIndex>(countries_.size())
                              : it->second;
}

absl::string_view LicenceCalendar::CountryCode(CountryIndex country) const {
  const size_t i = static_cast<size_t>(country);
  return i < countries_.size() ? countries_[i] : absl::string_view("*");
}

std::span<const StoredWindow> LicenceCalendar::Windows(ItemRow row) const {
  const uint32_t begin = window_begin_[Index(row)];
  return windows_.subspan(begin, window_begin_[Index(row) + 1] - begin);
}

bool LicenceCalendar::IsOpen(ItemRow row, CountryIndex country,
                             CalendarSecond t) const {
  for (const StoredWindow& window : Windows(row)) {
    if (window.country != country && window.country != kEveryCountry) continue;
    // A moment from 2106 on is clamped to kNeverEnds. A window without an end
    // is open even then.
    if (window.start <= t && (t < window.end || window.end == kNeverEnds))
      return true;
  }
  return false;
}

BitmapView LicenceCalendar::Initial(CountryIndex country) const {
  const size_t words = BitmapWords(items_);
  return initial_.subspan(static_cast<size_t>(country) * words, words);
}

LicenceCalendar::Flips LicenceCalendar::FlipsOf(CountryIndex country) const {
  const size_t c = static_cast<size_t>(country);
  const size_t begin = flip_begin_[c];
  const size_t count = flip_begin_[c + 1] - begin;
  return {flip_times_.subspan(begin, count), flip_rows_.subspan(begin, count)};
}

size_t LicenceCalendar::Flips::CountUntil(CalendarSecond t) const {
  return static_cast<size_t>(std::upper_bound(times.begin(), times.end(), t) -
                             times.begin());
}

}  // namespace marquee
