// Bounds how many requests of a kind are under way at once.
#ifndef MARQUEE_SERVER_ADMISSION_CONCURRENCY_LIMIT_H_
#define MARQUEE_SERVER_ADMISSION_CONCURRENCY_LIMIT_H_

#include <atomic>
#include <cstddef>

namespace marquee {

// Thread-safe.
class ConcurrencyLimit {
 public:
  explicit ConcurrencyLimit(size_t count) : free_(count) {}

  // Counts one more. Returns false if as many are under way as may be.
  bool TryEnter() {
    size_t free = free_.load(std::memory_order_relaxed);
    while (free > 0) {
      if (free_.compare_exchange_weak(free, free - 1,
                                      std::memory_order_relaxed)) {
        return true;
      }
    }
    return false;
  }
  // Gives a place back. Must be called once for each TryEnter that returned
  // true.
  void Leave() { free_.fetch_add(1, std::memory_order_relaxed); }

 private:
  // Relaxed: it only counts, and orders nothing else.
  std::atomic<size_t> free_;
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_ADMISSION_CONCURRENCY_LIMIT_H_
