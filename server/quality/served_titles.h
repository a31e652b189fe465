// Which titles of a snapshot were served lately: how much of the catalogue
// lives, how novel the lists are, how much goes to the head.
#ifndef MARQUEE_SERVER_QUALITY_SERVED_TITLES_H_
#define MARQUEE_SERVER_QUALITY_SERVED_TITLES_H_

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
  uint64_t impressions = 0;  // titles served
  // Distinct titles served, of all titles.
  double coverage = 0;
  // Mean -log2 of the served titles' share of all watches: 0 when one title
  // has them all, higher when less is known to everybody.
  double novelty_bits = 0;
  // Share of the impressions that went to the most watched 1 % of titles.
  double head_share = 0;
};

// Thread-safe. Counts over the running window and the one before.
class ServedTitles {
 public:
  // The popularity of the snapshot must outlive it; `titles`: its size.
  ServedTitles(const Popularity& popularity, size_t titles);

  // Constant time a title.
  void Count(std::span<const RecommendedItem> titles) {
    std::atomic<uint32_t>* const counts =
        counts_[current_.load(std::memory_order_relaxed)].get();
    for (const RecommendedItem& title : titles) {
      counts[Index(title.row)].fetch_add(1, std::memory_order_relaxed);
    }
  }

  // Ends the running window. One thread at a time.
  void Rotate();

  // Reads every count: some milliseconds for 500 k titles. For scrapes.
  ServedShape Shape() const;

 private:
  const Popularity& popularity_;
  const size_t titles_;
  std::vector<bool> head_;  // [titles]
  // Relaxed: counts for statistics; one that falls into the next window is
  // still counted.
  std::unique_ptr<std::atomic<uint32_t>[]> counts_[2];
  std::atomic<size_t> current_{0};
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_QUALITY_SERVED_TITLES_H_
