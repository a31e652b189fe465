#include "core/pipeline/newcomer.h"

#include <optional>
#include <span>

#include "core/pipeline/response.h"

namespace marquee {
namespace {

constexpr int32_t kSecondsPerDay = 24 * 60 * 60;

// Walks lists of titles one after another and gives out the eligible ones not
// yet taken.
class Walk {
 public:
  Walk(std::span<const ItemRow> first, std::span<const ItemRow> second)
      : lists_{first, second} {}

  std::optional<ItemRow> Next(BitmapView eligible, MutableBitmap taken) {
    for (; list_ < 2; ++list_, at_ = 0) {
      while (at_ < lists_[list_].size()) {
        const ItemRow row = lists_[list_][at_++];
        if (!TestBit(eligible, Index(row)) || TestBit(taken, Index(row)))
          continue;
        SetBit(taken, Index(row));
        return row;
      }
    }
    return std::nullopt;
  }

 private:
  std::span<const ItemRow> lists_[2];
  size_t list_ = 0;
  size_t at_ = 0;
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

void ListPopular(const Snapshot& snapshot, const ViewerContext& viewer,
                 BitmapView eligible, size_t count,
                 std::vector<uint64_t>& taken,
                 std::vector<SlateCandidate>& out) {
  out.clear();
  taken.assign(eligible.size(), 0);
  const Popularity& popularity = snapshot.popularity();
  Walk popular(popularity.InCountry(viewer.policy.country),
               popularity.Everywhere());
  Walk fresh(Fresh(snapshot, viewer.policy.now), {});
  float score = 0;
  for (size_t i = 1; i <= count; ++i) {
    Source source = Source::kPopular;
    std::optional<ItemRow> row;
    if (i % kFreshEvery == 0) {
      row = fresh.Next(eligible, taken);
      source = Source::kFresh;
    }
    if (!row) {
      row = popular.Next(eligible, taken);
      source = Source::kPopular;
    }
    if (!row) return;
    score -= 1;
    out.push_back(
        {.row = *row, .score = score, .source = static_cast<uint8_t>(source)});
  }
}

}  // namespace marquee
