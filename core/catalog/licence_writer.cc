#include "core/catalog/licence_writer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/catalog/bitmap.h"
#include "core/catalog/string_table.h"

namespace marquee {
namespace {

using Interval = std::pair<CalendarSecond, CalendarSecond>;

CalendarSecond RoundUp(absl::Time t) {
  const CalendarSecond second = ToCalendarSecond(t);
  return absl::FromUnixSeconds(second) < t && second < kNeverEnds ? second + 1
                                                                  : second;
}

bool IsCountry(absl::string_view code) {
  return code == "*" || (code.size() == 2 && absl::ascii_isupper(code[0]) &&
                         absl::ascii_isupper(code[1]));
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

}  // namespace

absl::Status LicenceWriter::Add(const ItemRecord& item) {
  std::vector<Window>& windows = titles_.emplace_back();
  if (!item.licences) {
    windows.push_back({"*", 0, kNeverEnds});
    return absl::OkStatus();
  }
  for (const LicenceWindow& licence : *item.licences) {
    if (!IsCountry(licence.country)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "item '", item.id, "': licence country '", licence.country,
          "': must be two upper-case letters or \"*\""));
    }
    if (licence.start >= licence.end) {
      return absl::InvalidArgumentError(
          absl::StrCat("item '", item.id, "': licence in ", licence.country,
                       ": the start must be before the end"));
    }
    if (licence.country != "*") countries_.try_emplace(licence.country);
    const Window window{licence.country, RoundUp(licence.start),
                        RoundUp(licence.end)};
    if (window.start < window.end) windows.push_back(window);
  }
  return absl::OkStatus();
}

absl::Status LicenceWriter::Write(ArrayFileWriter& out) const {
  std::map<std::string, CountryIndex> index = countries_;
  StringTableWriter codes;
  for (auto& [code, country] : index) {
    country = static_cast<CountryIndex>(codes.size());
    codes.Add(code);
  }
  if (absl::Status status = codes.Write("country", out); !status.ok())
    return status;
  const size_t words = BitmapWords(titles_.size());

  std::vector<uint32_t> window_begin{0};
  std::vector<StoredWindow> stored;
  std::vector<uint64_t> initial((index.size() + 1) * words, 0);
  std::vector<std::vector<std::pair<CalendarSecond, uint32_t>>> flips(
      index.size() + 1);
  std::vector<std::vector<Interval>> by_country(index.size() + 1);
  for (uint32_t row = 0; row < titles_.size(); ++row) {
    for (auto& intervals : by_country) intervals.clear();
    std::vector<Interval>& everywhere = by_country.back();
    for (const Window& window : titles_[row]) {
      std::vector<Interval>& intervals =
          window.country == "*"
              ? everywhere
              : by_country[static_cast<size_t>(index.at(window.country))];
      intervals.emplace_back(window.start, window.end);
    }
    for (size_t c = 0; c < by_country.size(); ++c) {
      Merge(by_country[c]);
      const bool last = c == index.size();
      for (const auto& [start, end] : by_country[c]) {
        stored.push_back({last ? kEveryCountry : static_cast<CountryIndex>(c),
                          0, start, end});
      }
    }
    window_begin.push_back(static_cast<uint32_t>(stored.size()));
    for (size_t c = 0; c < by_country.size(); ++c) {
      if (c < index.size()) {
        by_country[c].insert(by_country[c].end(), everywhere.begin(),
                             everywhere.end());
        Merge(by_country[c]);
      }
      for (const auto& [start, end] : by_country[c]) {
        if (start == 0) {
          initial[c * words + row / 64] |= uint64_t{1} << (row % 64);
        } else {
          flips[c].emplace_back(start, row);
        }
        if (end != kNeverEnds) flips[c].emplace_back(end, row);
      }
    }
  }
  out.Add<uint32_t>("window.begin", window_begin);
  out.Add<StoredWindow>("windows", stored);
  out.Add<uint64_t>("initial", initial);

  std::vector<uint64_t> flip_begin{0};
  std::vector<CalendarSecond> times;
  std::vector<uint32_t> rows;
  for (auto& of_country : flips) {
    std::sort(of_country.begin(), of_country.end());
    for (const auto& [time, row] : of_country) {
      times.push_back(time);
      rows.push_back(row);
    }
    flip_begin.push_back(times.size());
  }
  out.Add<uint64_t>("flip.begin", flip_begin);
  out.Add<CalendarSecond>("flip.times", times);
  out.Add<uint32_t>("flip.rows", rows);
  return absl::OkStatus();
}

}  // namespace marquee
