#include "core/rerank/cap_counter.h"

#include <algorithm>

namespace marquee {

void CapCounter::Begin(const Policy& policy, const PolicyContext& context,
                       size_t places) {
  // The last list's counts are taken back code by code: an attribute may have
  // 100,000 values. Its policy may be gone by now.
  for (ActiveCap& cap : caps_) {
    for (const uint32_t code : cap.counted) cap.count[code] = 0;
    cap.counted.clear();
  }
  placed_.assign(places, std::nullopt);
  caps_.resize(std::max(caps_.size(), policy.caps.size()));
  active_ = 0;
  for (const CapRule& rule : policy.caps) {
    if (!rule.IsActive(context)) continue;
    ActiveCap& cap = caps_[active_++];
    cap.rule = &rule;
    cap.count.resize(std::max(cap.count.size(), rule.attribute->values()), 0);
  }
}

const CapRule* CapCounter::Violated(ItemRow row, size_t place,
                                    bool only_unyielding) const {
  for (size_t i = 0; i < active_; ++i) {
    const CapRule& rule = *caps_[i].rule;
    if (only_unyielding && !rule.never_gives_way) continue;
    for (const uint32_t code : rule.attribute->Codes(row)) {
      const bool violated =
          rule.window == 0 ? caps_[i].count[code] >= rule.max
                           : ViolatedInWindow(rule, code, place) != nullptr;
      if (violated) return &rule;
    }
  }
  return nullptr;
}

const CapRule* CapCounter::ViolatedInWindow(const CapRule& cap, uint32_t code,
                                            size_t place) const {
  const size_t window = static_cast<size_t>(cap.window);
  const size_t first = place + 1 >= window ? place + 1 - window : 0;
  const size_t last = std::min(place + window, placed_.size());  // one past
  const auto has = [&](size_t at) {
    return at != place && placed_[at] && cap.attribute->Has(*placed_[at], code);
  };
  for (size_t begin = first; begin <= place; ++begin) {
    int count = 1;
    for (size_t at = begin; at < std::min(begin + window, last); ++at)
      count += has(at) ? 1 : 0;
    if (count > cap.max) return &cap;
  }
  return nullptr;
}

void CapCounter::Place(ItemRow row, size_t place) {
  placed_[place] = row;
  for (size_t i = 0; i < active_; ++i) {
    for (const uint32_t code : caps_[i].rule->attribute->Codes(row)) {
      // Counts stay below 256: no list is longer than kMaxLimit.
      ++caps_[i].count[code];
      caps_[i].counted.push_back(code);
    }
  }
}

void CapCounter::Remove(ItemRow row, size_t place) {
  placed_[place] = std::nullopt;
  for (size_t i = 0; i < active_; ++i) {
    for (const uint32_t code : caps_[i].rule->attribute->Codes(row)) {
      --caps_[i].count[code];
    }
  }
}

}  // namespace marquee
