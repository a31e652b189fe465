#include "core/catalog/licence_writer.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/catalog/bitmap.h"
#include "core/catalog/locale_codes.h"
#include "core/catalog/string_table.h"

namespace marquee {
namespace {

using Interval = std::pair<CalendarSecond, CalendarSecond>;

CalendarSecond RoundUp(absl::Time t) {
  const CalendarSecond second = ToCalendarSecond(t);
  return absl::FromUnixSeconds(second) < t && second < kNeverEnds ? second + 1
                                                                  : second;
}

// Sorts intervals and joins those that touch.
void Merge(std::vector<Interval>& intervals) {
  std::sort(intervals.begin(), intervals.end());
  size_t last = 0;
  for (size_t i = 1; i < intervals.size(); ++i) {
    if (intervals[i].first <= intervals[last].second) {
      intervals[last].second =
          std::max(intervals[last].second, intervals[i].second);
    } else {
      intervals[++last] = intervals[i];
    }
  }
  if (!intervals.empty()) intervals.resize(last + 1);
}

// Collects the arrays of the section. The last country stands for all countries
// that are not listed.
class CalendarArrays {
 public:
  CalendarArrays(size_t listed, size_t items)
      : listed_(listed),
        words_(BitmapWords(items)),
        initial_((listed + 1) * words_, 0),
        flips_(listed + 1) {}

  // Adds the next item. `windows`: by country, the last one for everywhere;
  // merged in place.
  void Add(std::vector<std::vector<Interval>>& windows) {
    for (size_t c = 0; c <= listed_; ++c) {
      Merge(windows[c]);
      for (const auto& [start, end] : windows[c]) {
        stored_.push_back(
            {c == listed_ ? kEveryCountry : CountryIndex(c), 0, start, end});
      }
    }
    // The windows are stored as they were given. In the calendar of a country
    // those of everywhere are joined with its own, so that each entry flips a
    // bit.
    const uint32_t row = static_cast<uint32_t>(window_begin_.size() - 1);
    window_begin_.push_back(static_cast<uint32_t>(stored_.size()));
    for (size_t c = 0; c <= listed_; ++c) {
      if (c < listed_) {
        windows[c].insert(windows[c].end(), windows[listed_].begin(),
                          windows[listed_].end());
        Merge(windows[c]);
      }
      for (const auto& [start, end] : windows[c])
        AddOpening(c, row, start, end);
    }
  }

  void Write(ArrayFileWriter& out) {
    out.Add<uint32_t>("window.begin", window_begin_);
    out.Add<StoredWindow>("windows", stored_);
    out.Add<uint64_t>("initial", initial_);
    std::vector<uint64_t> begin{0};
    std::vector<CalendarSecond> times;
    std::vector<uint32_t> rows;
    for (auto& of_country : flips_) {
      std::sort(of_country.begin(), of_country.end());
      for (const auto& [time, row] : of_country) {
        times.push_back(time);
        rows.push_back(row);
      }
      begin.push_back(times.size());
    }
    out.Add<uint64_t>("flip.begin", begin);
    out.Add<CalendarSecond>("flip.times", times);
    out.Add<uint32_t>("flip.rows", rows);
  }

 private:
  void AddOpening(size_t country, uint32_t row, CalendarSecond start,
                  CalendarSecond end) {
    if (start == 0) {
      initial_[country * words_ + row / 64] |= uint64_t{1} << (row % 64);
    } else {
      flips_[country].emplace_back(start, row);
    }
    if (end != kNeverEnds) flips_[country].emplace_back(end, row);
  }

  const size_t listed_;
  const size_t words_;
  std::vector<uint32_t> window_begin_{0};
  std::vector<StoredWindow> stored_;
  std::vector<uint64_t> initial_;
  std::vector<std::vector<std::pair<CalendarSecond, uint32_t>>> flips_;
};

}  // namespace

absl::Status LicenceWriter::Add(const ItemRecord& item) {
  std::vector<Window>& windows = items_.emplace_back();
  if (!item.licences) {
    windows.push_back({"*", 0, kNeverEnds});
    return absl::OkStatus();
  }
  for (const LicenceWindow& licence : *item.licences) {
    if (licence.country != "*" && !LooksLikeCountry(licence.country)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "item '", item.id, "': licence country '", licence.country,
          "': must be two upper-case letters or \"*\""));
    }
    if (licence.start >= licence.end) {
      return absl::InvalidArgumentError(
          absl::StrCat("item '", item.id, "': licence in ", licence.country,
                       ": the start must be before the end"));
    }
    if (licence.country != "*") countries_.insert(licence.country);
    const Window window{licence.country, RoundUp(licence.start),
                        ToCalendarSecond(licence.end)};
    if (window.start < window.end) windows.push_back(window);
  }
  return absl::OkStatus();
}

absl::Status LicenceWriter::Write(ArrayFileWriter& out) const {
  std::map<std::string, size_t> index;
  StringTableWriter codes;
  for (const std::string& code : countries_) {
    index.emplace(code, codes.size());
    codes.Add(code);
  }
  MARQUEE_RETURN_IF_ERROR(codes.Write("country", out));
  index.emplace("*", index.size());

  CalendarArrays arrays(countries_.size(), items_.size());
  std::vector<std::vector<Interval>> windows(index.size());
  for (const std::vector<Window>& item : items_) {
    for (auto& intervals : windows) intervals.clear();
    for (const Window& window : item) {
      windows[index.at(window.country)].emplace_back(window.start, window.end);
    }
    arrays.Add(windows);
  }
  arrays.Write(out);
  return absl::OkStatus();
}

}  // namespace marquee
