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

// Usually ends soon.
bool IsSubset(BitmapView part, BitmapView whole) {
  for (size_t i = 0; i < part.size(); ++i) {
    if ((part[i] & ~whole[i]) != 0) return false;
  }
  return true;
}

void Spend(size_t steps, size_t& left) { left -= std::min(left, steps); }

}  // namespace

void Backfill::Begin(const PopularItems& items, BitmapView eligible) {
  items_ = items;
  eligible_ = eligible;
  taken_.clear();
  for (Search& search : searches_) {
    search.prepared = false;
    search.cut_off = false;
  }
}

void Backfill::Take(ItemRow row) {
  taken_.push_back(row);
  for (Search& search : searches_) {
    if (search.prepared) ClearBit(search.open, Index(row));
  }
}

void Backfill::Prepare(Search& search) const {
  if (search.prepared) return;
  search.prepared = true;
  search.open.assign(eligible_.begin(), eligible_.end());
  for (const ItemRow row : taken_) ClearBit(search.open, Index(row));
  search.applied = 0;
  search.first = 0;
  search.walk_left = kMaxSteps;
  search.look_left = kMaxSteps;
  for (Passed& passed : search.passed) passed.at = 0;
}

// Removes the values that are closed for good from the set.
void Backfill::ApplyClosed(const CapCounter& caps, CapMode mode,
                           Search& search) {
  const std::span<const ClosedValue> closed = caps.closed();
  for (; search.applied < closed.size(); ++search.applied) {
    const ClosedValue& value = closed[search.applied];
    if (Holds(*value.rule, mode)) {
      value.rule->items->Remove(value.code, search.open);
    }
  }
}

void Backfill::ListClosedHere(const CapCounter& caps, CapMode mode) {
  closed_here_.clear();
  common_.clear();
  for (const ClosedValue& value : caps.closed_here()) {
    if (!Holds(*value.rule, mode)) continue;
    closed_here_.push_back(value);
    const BitmapView items = value.rule->items->Common(value.code);
    if (!items.empty()) common_.push_back({value, items});
  }
}

size_t Backfill::StartOf(const Search& search) const {
  size_t start = search.first;
  for (const Passed& passed : search.passed) {
    if (passed.at > start && Includes(closed_here_, passed.closed)) {
      start = passed.at;
    }
  }
  return start;
}

// Walks from `at` on, for at most `patience` steps. `at` is then where it
// stopped.
std::optional<ItemRow> Backfill::Walk(const CapCounter& caps, CapMode mode,
                                      size_t patience, Search& search,
                                      size_t& at) const {
  size_t& left = search.walk_left;
  const size_t end = left - std::min(left, patience);
  for (; at < size(); ++at) {
    if (left <= end) {
      search.cut_off = left == 0;
      return std::nullopt;
    }
    Spend(1, left);
    const ItemRow row = ItemAt(at);
    if (!TestBit(search.open, Index(row))) {
      if (at == search.first) ++search.first;
      continue;
    }
    Spend(common_.size(), left);
    const bool closed = std::any_of(common_.begin(), common_.end(),
                                    [row](const CommonValue& value) {
                                      return TestBit(value.items, Index(row));
                                    });
    if (closed) continue;
    Spend(kAskSteps, left);
    if (caps.Fits(row, mode)) return row;
  }
  return std::nullopt;
}

// Whether no item that is left fits, mostly because of common values that are
// closed. The result is remembered, because items only leave the set. If all
// items have one of these values, it is remembered for that value alone.
bool Backfill::LeavesNothing(const CapCounter& caps, CapMode mode,
                             Search& search) const {
  if (!AreAllClosed(caps, mode, search)) return false;
  std::span<const ClosedValue> closed = closed_here_;
  for (const CommonValue& value : common_) {
    if (IsSubset(search.open, value.items)) closed = {&value.closed, 1};
  }
  Remember(search, closed, size());
  return true;
}

// Also false if no steps are left to find out.
bool Backfill::AreAllClosed(const CapCounter& caps, CapMode mode,
                            Search& search) const {
  constexpr size_t kBlock = 64;
  for (size_t begin = 0; begin < search.open.size(); begin += kBlock) {
    if (search.look_left == 0) return false;
    const size_t end = std::min(begin + kBlock, search.open.size());
    Spend((common_.size() + 1) * (end - begin) / kWordsOfStep,
          search.look_left);
    std::array<uint64_t, kBlock> left{};
    std::copy(search.open.begin() + static_cast<ptrdiff_t>(begin),
              search.open.begin() + static_cast<ptrdiff_t>(end), left.begin());
    for (const CommonValue& value : common_) {
      for (size_t i = begin; i < end; ++i) left[i - begin] &= ~value.items[i];
    }
    // An item without any of the common values may have a rare one that is
    // closed.
    while (const std::optional<size_t> bit = FirstBit(left)) {
      if (search.look_left == 0) return false;
      Spend(kAskSteps, search.look_left);
      const ItemRow row{static_cast<uint32_t>(begin * 64 + *bit)};
      if (caps.Fits(row, mode)) return false;
      ClearBit(left, static_cast<uint32_t>(*bit));
    }
  }
  return true;
}

void Backfill::Remember(Search& search, std::span<const ClosedValue> closed,
                        size_t at) {
  for (Passed& passed : search.passed) {
    if (passed.closed.size() != closed.size() ||
        !Includes(closed, passed.closed)) {
      continue;
    }
    passed.at = std::max(passed.at, at);
    return;
  }
  Passed& made = search.passed[search.oldest];
  search.oldest = (search.oldest + 1) % search.passed.size();
  made.closed.assign(closed.begin(), closed.end());
  made.at = at;
}

std::optional<ItemRow> Backfill::Find(const CapCounter& caps, CapMode mode) {
  if (size() == 0) return std::nullopt;
  Search& search = searches_[static_cast<size_t>(mode)];
  Prepare(search);
  ApplyClosed(caps, mode, search);
  ListClosedHere(caps, mode);
  size_t at = StartOf(search);
  if (at == size() || !FirstBit(search.open)) return std::nullopt;
  auto found = Walk(caps, mode, kPatience, search, at);
  if (!found && !search.cut_off && at < size()) {
    if (LeavesNothing(caps, mode, search)) return std::nullopt;
    found = Walk(caps, mode, kMaxSteps, search, at);
  }
  Remember(search, closed_here_, at);
  return found;
}

}  // namespace marquee
