#include "core/rerank/backfill.h"

#include <algorithm>

namespace marquee {
namespace {

bool Includes(std::span<const ClosedValue> all,
              std::span<const ClosedValue> part) {
  return std::all_of(part.begin(), part.end(), [&](const ClosedValue& value) {
    return std::find(all.begin(), all.end(), value) != all.end();
  });
}

void Remove(const ClosedValue& value, MutableBitmap open) {
  value.rule->titles->Remove(value.code, open);
}

}  // namespace

void Backfill::Begin(const PopularTitles& titles, BitmapView eligible) {
  titles_ = titles;
  eligible_ = eligible;
  taken_.clear();
  for (Searches& searches : searches_) searches.count = 0;
  steps_left_ = kMaxSteps;
}

void Backfill::Take(ItemRow row) {
  taken_.push_back(row);
  for (Searches& searches : searches_) {
    for (size_t i = 0; i < searches.count; ++i) {
      ClearBit(searches.kept[i].open, Index(row));
    }
  }
}

void Backfill::Prepare(Searches& searches) const {
  Search& all = searches.kept[0];
  all.closed.clear();
  all.open.assign(eligible_.begin(), eligible_.end());
  for (const ItemRow row : taken_) ClearBit(all.open, Index(row));
  all.at = 0;
  all.exhausted = false;
  searches.count = 1;
  searches.oldest = 1;
  searches.applied = 0;
}

// A value that is closed for good leaves every search.
void Backfill::ApplyClosed(const CapCounter& caps, CapMode mode,
                           Searches& searches) {
  const std::span<const ClosedValue> closed = caps.closed();
  if (searches.applied >= closed.size()) return;
  for (; searches.applied < closed.size(); ++searches.applied) {
    const ClosedValue& value = closed[searches.applied];
    if (!Holds(*value.rule, mode)) continue;
    for (size_t i = 0; i < searches.count; ++i) {
      Remove(value, searches.kept[i].open);
    }
  }
  for (size_t i = 0; i < searches.count; ++i) {
    Search& search = searches.kept[i];
    if (CountBits(search.open) == 0) search.exhausted = true;
  }
}

// The search for what is closed at this place; nullptr when one is known to
// find nothing.
Backfill::Search* Backfill::Pick(const CapCounter& caps, CapMode mode,
                                 Searches& searches) {
  closed_here_.clear();
  for (const ClosedValue& value : caps.closed_here()) {
    if (Holds(*value.rule, mode)) closed_here_.push_back(value);
  }
  Search* same = nullptr;
  for (size_t i = 0; i < searches.count; ++i) {
    Search& search = searches.kept[i];
    if (!Includes(closed_here_, search.closed)) continue;
    if (search.exhausted) return nullptr;
    if (search.closed.size() == closed_here_.size()) same = &search;
  }
  if (same != nullptr) return same;
  Search& made = searches.count < Searches::kKept
                     ? searches.kept[searches.count++]
                     : searches.kept[searches.oldest];
  if (&made == &searches.kept[searches.oldest]) {
    searches.oldest = searches.oldest % (Searches::kKept - 1) + 1;
  }
  made.closed.assign(closed_here_.begin(), closed_here_.end());
  made.open.assign(searches.kept[0].open.begin(), searches.kept[0].open.end());
  for (const ClosedValue& value : made.closed) Remove(value, made.open);
  made.at = 0;
  made.exhausted = CountBits(made.open) == 0;
  return made.exhausted ? nullptr : &made;
}

std::optional<ItemRow> Backfill::Run(Search& search) {
  const size_t first = titles_.in_country.size();
  const size_t all = first + titles_.everywhere.size();
  for (; search.at < all && steps_left_ > 0; ++search.at, --steps_left_) {
    const ItemRow row = search.at < first
                            ? titles_.in_country[search.at]
                            : titles_.everywhere[search.at - first];
    if (TestBit(search.open, Index(row))) return row;
  }
  search.exhausted = search.at == all;
  return std::nullopt;
}

std::optional<ItemRow> Backfill::Find(const CapCounter& caps, CapMode mode) {
  if (titles_.in_country.empty() && titles_.everywhere.empty()) {
    return std::nullopt;
  }
  Searches& searches = searches_[static_cast<size_t>(mode)];
  if (searches.count == 0) Prepare(searches);
  ApplyClosed(caps, mode, searches);
  Search* const search = Pick(caps, mode, searches);
  if (search == nullptr) return std::nullopt;
  return Run(*search);
}

}  // namespace marquee
