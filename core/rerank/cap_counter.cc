#include "core/rerank/cap_counter.h"

#include <algorithm>

#include "core/base/request_limits.h"

namespace marquee {

// Undoes the last list's counts code by code, because an attribute may have
// 100,000 values. The last policy may not exist any more.
void CapCounter::Forget() {
  for (ActiveCap& cap : caps_) {
    for (const uint32_t code : cap.counted) {
      cap.count[code] = 0;
      cap.closed[code] = 0;
    }
    cap.counted.clear();
    cap.full.clear();
  }
  closed_.clear();
  closed_here_.clear();
}

void CapCounter::Begin(const Policy& policy, const UserContext& context,
                       size_t places) {
  Forget();
  placed_.assign(places, std::nullopt);
  caps_.resize(std::max(caps_.size(), policy.caps.size()));
  active_ = 0;
  can_relax_ = false;
  at_ = 0;
  last_placed_ = 0;
  for (const CapRule& rule : policy.caps) {
    if (!rule.IsActive(context)) continue;
    ActiveCap& cap = caps_[active_++];
    cap.rule = &rule;
    cap.whole = rule.window == 0 || static_cast<size_t>(rule.window) >= places;
    const size_t values = std::max(cap.count.size(), rule.attribute->values());
    cap.count.resize(values, 0);
    cap.closed.resize(values, 0);
    can_relax_ = can_relax_ || !rule.strict;
  }
}

const CapRule* CapCounter::Violated(ItemRow row, size_t place,
                                    CapMode mode) const {
  for (size_t i = 0; i < active_; ++i) {
    const CapRule& rule = *caps_[i].rule;
    if (!Holds(rule, mode)) continue;
    for (const uint32_t code : rule.attribute->Codes(row)) {
      const bool violated = caps_[i].whole
                                ? caps_[i].count[code] >= rule.max
                                : ViolatedInWindow(rule, code, place);
      if (violated) return &rule;
    }
  }
  return nullptr;
}

// Slides over every stretch of the window's length that contains the place.
bool CapCounter::ViolatedInWindow(const CapRule& cap, uint32_t code,
                                  size_t place) const {
  const size_t window = static_cast<size_t>(cap.window);
  const auto has = [&](size_t at) {
    return at < placed_.size() && at != place && placed_[at] &&
           cap.attribute->Has(*placed_[at], code);
  };
  const size_t first = place + 1 >= window ? place + 1 - window : 0;
  int count = 0;
  for (size_t at = first; at < first + window; ++at) count += has(at) ? 1 : 0;
  for (size_t begin = first;; ++begin) {
    if (count >= cap.max) return true;
    if (begin == place) return false;
    count += (has(begin + window) ? 1 : 0) - (has(begin) ? 1 : 0);
  }
}

// Counts stay below 256: no list is longer than kMaxLimit.
void CapCounter::Count(ActiveCap& cap, ItemRow row) {
  for (const uint32_t code : cap.rule->attribute->Codes(row)) {
    cap.counted.push_back(code);
    if (++cap.count[code] != cap.rule->max) continue;
    if (cap.whole) {
      closed_.push_back({cap.rule, code});
    } else {
      cap.full.push_back(code);
    }
  }
}

void CapCounter::Discount(ActiveCap& cap, ItemRow row) {
  for (const uint32_t code : cap.rule->attribute->Codes(row)) {
    if (cap.count[code]-- == cap.rule->max && !cap.whole) {
      std::erase(cap.full, code);
    }
  }
}

void CapCounter::Place(ItemRow row, size_t place) {
  placed_[place] = row;
  last_placed_ = std::max(last_placed_, place);
  for (size_t i = 0; i < active_; ++i) {
    if (caps_[i].whole) Count(caps_[i], row);
  }
}

void CapCounter::Remove(ItemRow row, size_t place) {
  placed_[place] = std::nullopt;
  for (size_t i = 0; i < active_; ++i) {
    if (caps_[i].whole) Discount(caps_[i], row);
  }
}

void CapCounter::GoTo(size_t place) {
  for (; at_ < place; ++at_) {
    for (size_t i = 0; i < active_; ++i) {
      ActiveCap& cap = caps_[i];
      if (cap.whole) continue;
      const size_t window = static_cast<size_t>(cap.rule->window);
      if (placed_[at_]) Count(cap, *placed_[at_]);
      if (at_ + 1 < window) continue;
      const std::optional<ItemRow> left = placed_[at_ + 1 - window];
      if (left) Discount(cap, *left);
    }
  }
  for (const ClosedValue& value : closed_here_) {
    for (size_t i = 0; i < active_; ++i) {
      if (caps_[i].rule == value.rule) caps_[i].closed[value.code] = 0;
    }
  }
  closed_here_.clear();
  for (size_t i = 0; i < active_; ++i) {
    if (!caps_[i].whole) CloseHere(caps_[i]);
  }
}

// All items before the place are final, so of the stretches without later
// items, the one that ends at the place counts most. The stretches that reach
// behind it, to pins, are checked one by one by sliding forward and back.
void CapCounter::CloseHere(ActiveCap& cap) {
  const auto close = [&](uint32_t code) {
    if (cap.closed[code]) return;
    cap.closed[code] = 1;
    cap.counted.push_back(code);
    closed_here_.push_back({cap.rule, code});
  };
  for (const uint32_t code : cap.full) close(code);
  if (last_placed_ <= at_) return;
  const size_t window = static_cast<size_t>(cap.rule->window);
  const size_t end = std::min(last_placed_ + 1, at_ + window);
  const auto slide = [&](size_t later, int step) {
    if (later >= window) AddTo(cap, later - window, -step);
    AddTo(cap, later, step);
  };
  for (size_t later = at_ + 1; later < end; ++later) {
    slide(later, 1);
    if (!placed_[later]) continue;
    for (const uint32_t code : cap.rule->attribute->Codes(*placed_[later])) {
      if (cap.count[code] >= cap.rule->max) close(code);
    }
  }
  for (size_t later = end; --later > at_;) slide(later, -1);
}

void CapCounter::AddTo(ActiveCap& cap, size_t place, int step) const {
  if (!placed_[place]) return;
  for (const uint32_t code : cap.rule->attribute->Codes(*placed_[place])) {
    cap.count[code] = static_cast<uint8_t>(cap.count[code] + step);
  }
}

bool CapCounter::Fits(ItemRow row, CapMode mode) const {
  for (size_t i = 0; i < active_; ++i) {
    const ActiveCap& cap = caps_[i];
    if (!Holds(*cap.rule, mode)) continue;
    for (const uint32_t code : cap.rule->attribute->Codes(row)) {
      if (cap.whole ? cap.count[code] >= cap.rule->max : cap.closed[code] != 0)
        return false;
    }
  }
  return true;
}

}  // namespace marquee
