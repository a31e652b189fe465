#include "core/pipeline/cold_start.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

#include "core/pipeline/response.h"

namespace marquee {
namespace {

constexpr int32_t kSecondsPerDay = 24 * 60 * 60;

// The difference between the logarithms of two shares that are one part in ten
// thousand apart.
constexpr float kLeastFall = 1e-4f;

// Returns, one by one, the items of a list that are eligible and not yet taken.
class Walk {
 public:
  explicit Walk(std::span<const ItemRow> rows) : rows_(rows) {}

  // The index of the next item in the list.
  std::optional<size_t> Next(BitmapView eligible, MutableBitmap taken) {
    while (at_ < rows_.size()) {
      const size_t row = Index(rows_[at_++]);
      if (!TestBit(eligible, row) || TestBit(taken, row)) continue;
      SetBit(taken, row);
      return at_ - 1;
    }
    return std::nullopt;
  }

 private:
  std::span<const ItemRow> rows_;
  size_t at_ = 0;
};

RankedItems Played(const RankedItems& items) {
  const auto end =
      std::partition_point(items.shares.begin(), items.shares.end(),
                           [](float share) { return share > 0; });
  const size_t played = static_cast<size_t>(end - items.shares.begin());
  return {items.rows.first(played), items.shares.first(played)};
}

// The items that the country plays, then those played elsewhere.
class PopularWalk {
 public:
  PopularWalk(const Popularity& popularity, absl::string_view country)
      : here_(popularity.InCountry(country)),
        everywhere_(Played(popularity.Everywhere())),
        back_off_(popularity.BackOff(country)),
        here_walk_(here_.rows),
        everywhere_walk_(everywhere_.rows) {}

  struct Item {
    ItemRow row;
    float share;
  };
  std::optional<Item> Next(BitmapView eligible, MutableBitmap taken) {
    if (const auto at = here_walk_.Next(eligible, taken)) {
      return Item{here_.rows[*at], here_.shares[*at]};
    }
    if (const auto at = everywhere_walk_.Next(eligible, taken)) {
      return Item{everywhere_.rows[*at], back_off_ * everywhere_.shares[*at]};
    }
    return std::nullopt;
  }

 private:
  const RankedItems here_;
  const RankedItems everywhere_;
  const float back_off_;
  Walk here_walk_;
  Walk everywhere_walk_;
};

// The part of the newest list that is released by today and not older than
// kFreshDays.
std::span<const ItemRow> Fresh(const Snapshot& snapshot, CalendarSecond now) {
  const std::span<const ItemRow> newest = snapshot.popularity().Newest();
  const int32_t today = static_cast<int32_t>(now / kSecondsPerDay);
  const auto older_than = [&](int32_t day) {
    size_t low = 0;
    for (size_t high = newest.size(); low < high;) {
      const size_t middle = (low + high) / 2;
      if (snapshot.catalog().ReleasedDay(newest[middle]) > day) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  };
  const size_t begin = older_than(today);
  return newest.subspan(begin, older_than(today - kFreshDays - 1) - begin);
}

}  // namespace

void ListPopular(const Snapshot& snapshot, const ResolvedUser& user,
                 BitmapView eligible, size_t count,
                 std::vector<uint64_t>& taken, std::vector<Candidate>& out) {
  out.clear();
  taken.assign(eligible.size(), 0);
  PopularWalk popular(snapshot.popularity(), user.context.country);
  const std::span<const ItemRow> newest = Fresh(snapshot, user.context.now);
  Walk fresh(newest);
  float bound = 0;
  const auto add = [&](ItemRow row, Source source) {
    out.push_back({.row = row,
                   .score = bound,
                   .source = source,
                   .by_fresh_share = source == Source::kFresh});
    bound -= kLeastFall;
    return true;
  };
  const auto add_played = [&] {
    const auto item = popular.Next(eligible, taken);
    if (!item) return false;
    bound = std::min(bound, std::log(item->share));
    return add(item->row, Source::kPopular);
  };
  const auto add_fresh = [&] {
    const auto at = fresh.Next(eligible, taken);
    return at && add(newest[*at], Source::kFresh);
  };
  while (out.size() < count) {
    const bool fresh_place = (out.size() + 1) % kFreshEvery == 0;
    const bool added =
        fresh_place ? add_fresh() || add_played() : add_played() || add_fresh();
    if (!added) return;
  }
}

}  // namespace marquee
