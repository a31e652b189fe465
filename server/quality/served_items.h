// Counts which items of a snapshot were served lately: how much of the
// catalogue is served, how novel the lists are, how much goes to the most
// watched items.
#ifndef MARQUEE_SERVER_QUALITY_SERVED_ITEMS_H_
#define MARQUEE_SERVER_QUALITY_SERVED_ITEMS_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/base/ids.h"
#include "core/catalog/popularity.h"
#include "core/rerank/slate.h"

namespace marquee {

struct ServedShape {
  uint64_t impressions = 0;  // items served
  // Distinct items served, as a share of all items.
  double coverage = 0;
  // The mean of -log2 of the served items' share of all watches. 0 if one item
  // has all watches; higher if the served items are watched less.
  double novelty_bits = 0;
  // The share of the impressions that went to the most watched 1 % of items.
  double head_share = 0;
};

// Thread-safe. Counts over the current window and the one before.
class ServedItems {
 public:
  // The popularity of the snapshot must outlive it. `items`: the number of
  // items.
  ServedItems(const Popularity& popularity, size_t items);

  // Constant time per item.
  void Count(std::span<const RecommendedItem> items) {
    std::atomic<uint32_t>* const counts =
        counts_[current_.load(std::memory_order_relaxed)].get();
    for (const RecommendedItem& item : items) {
      counts[Index(item.row)].fetch_add(1, std::memory_order_relaxed);
    }
  }

  // Ends the current window. One thread at a time.
  void Rotate();

  // Reads every count: a few milliseconds for 500 k items. For scrapes.
  ServedShape Shape() const;

 private:
  const Popularity& popularity_;
  const size_t items_;
  std::vector<bool> head_;  // [items]
  // Relaxed: counts for statistics. One that falls into the next window is
  // still counted.
  std::unique_ptr<std::atomic<uint32_t>[]> counts_[2];
  std::atomic<size_t> current_{0};
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_QUALITY_SERVED_ITEMS_H_
