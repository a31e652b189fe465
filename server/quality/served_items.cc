#include "server/quality/served_items.h"

#include <algorithm>
#include <cmath>

namespace marquee {

ServedItems::ServedItems(const Popularity& popularity, size_t items)
    : popularity_(popularity), items_(items), head_(items, false) {
  for (auto& counts : counts_) {
    counts = std::make_unique<std::atomic<uint32_t>[]>(items);
  }
  const size_t head = std::max<size_t>(items / 100, 1);
  const std::span<const ItemRow> order = popularity.Everywhere().rows;
  for (size_t i = 0; i < std::min(head, order.size()); ++i) {
    head_[Index(order[i])] = true;
  }
}

void ServedItems::Rotate() {
  const size_t next = 1 - current_.load(std::memory_order_relaxed);
  for (size_t i = 0; i < items_; ++i) {
    counts_[next][i].store(0, std::memory_order_relaxed);
  }
  current_.store(next, std::memory_order_relaxed);
}

ServedShape ServedItems::Shape() const {
  ServedShape shape;
  // An unwatched item counts as watched half a time: rarer than all watched
  // items, and finite.
  const double total = std::max(popularity_.TotalWatches(), 1.0);
  uint64_t distinct = 0;
  uint64_t head = 0;
  double bits = 0;
  for (size_t i = 0; i < items_; ++i) {
    const uint64_t count = uint64_t{0} +
                           counts_[0][i].load(std::memory_order_relaxed) +
                           counts_[1][i].load(std::memory_order_relaxed);
    if (count == 0) continue;
    ++distinct;
    shape.impressions += count;
    if (head_[i]) head += count;
    const double watches = static_cast<double>(
        popularity_.Watches(ItemRow{static_cast<uint32_t>(i)}));
    bits -=
        static_cast<double>(count) * std::log2(std::max(watches, 0.5) / total);
  }
  if (shape.impressions == 0) return shape;
  const double impressions = static_cast<double>(shape.impressions);
  shape.coverage = static_cast<double>(distinct) / static_cast<double>(items_);
  shape.novelty_bits = bits / impressions;
  shape.head_share = static_cast<double>(head) / impressions;
  return shape;
}

}  // namespace marquee
