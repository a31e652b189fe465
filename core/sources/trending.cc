#include "core/sources/trending.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace marquee {
namespace {

constexpr int64_t kSecondsPerDay = 24 * 60 * 60;

// Returns the kFavourites largest shares as bits by genre.
uint32_t Favourites(const TasteProfile& taste) {
  static_assert(TasteProfile::kMaxGenres <= 32);
  uint32_t favourites = 0;
  for (size_t n = 0; n < kFavourites; ++n) {
    size_t best = taste.genre_share.size();
    uint8_t most = 0;
    for (size_t g = 0; g < taste.genre_share.size(); ++g) {
      if (taste.genre_share[g] <= most || (favourites >> g & 1) != 0) continue;
      best = g;
      most = taste.genre_share[g];
    }
    if (most == 0) return favourites;
    favourites |= uint32_t{1} << best;
  }
  return favourites;
}

}  // namespace

void ListTrending(const Popularity& popularity, Horizon horizon,
                  const SourceQuery& query, RowNotes& notes, SourceList& out) {
  out.Clear();
  const auto add = [&](const RankedItems& items, float factor) {
    for (size_t i = 0; i < items.rows.size(); ++i) {
      // Shares fall: the rest has no plays either, or too few for a number.
      const float share = factor * items.shares[i];
      if (out.size() == query.count || share == 0) return;
      const ItemRow row = items.rows[i];
      if (!TestBit(query.eligible, Index(row)) || notes[row] != 0) continue;
      notes.Set(row, 1);
      out.Add(row, std::log(share));
    }
  };
  add(popularity.InCountry(query.user.country, horizon), 1);
  add(popularity.Everywhere(horizon),
      popularity.BackOff(query.user.country, horizon));
  notes.Forget(out.rows);
}

void ListGenre(const Popularity& popularity, Horizon horizon,
               const Attribute* genre, const SourceQuery& query,
               SourceList& out) {
  out.Clear();
  const uint32_t favourites = Favourites(query.user.taste);
  if (genre == nullptr || favourites == 0) return;
  const RankedItems items = popularity.Everywhere(horizon);
  const size_t depth = std::min(items.rows.size(), kGenreDepth);
  for (size_t i = 0; i < depth && out.size() < query.count; ++i) {
    if (items.shares[i] == 0) return;
    const ItemRow row = items.rows[i];
    if (!TestBit(query.eligible, Index(row))) continue;
    const std::span<const uint32_t> codes = genre->Codes(row);
    const bool wanted = std::any_of(codes.begin(), codes.end(), [&](auto code) {
      return code < TasteProfile::kMaxGenres && (favourites >> code & 1) != 0;
    });
    if (wanted) out.Add(row, std::log(items.shares[i]));
  }
}

void ListNew(const Popularity& popularity, int days, const SourceQuery& query,
             SourceList& out) {
  out.Clear();
  const NewestItems newest = popularity.Newest();
  const int64_t now = query.user.now;
  const int64_t oldest = kSecondsPerDay * (query.user.day() - days);
  const auto first = std::lower_bound(
      newest.begins.begin(), newest.begins.end(), now, std::greater<>());
  for (auto at = first; at != newest.begins.end() && *at >= oldest; ++at) {
    if (out.size() == query.count) return;
    const ItemRow row =
        newest.rows[static_cast<size_t>(at - newest.begins.begin())];
    if (TestBit(query.eligible, Index(row))) out.Add(row, 0);
  }
}

}  // namespace marquee
