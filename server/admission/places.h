// A fixed number of places, which limits how many requests of a kind there are
// at once.
#ifndef MARQUEE_SERVER_ADMISSION_PLACES_H_
#define MARQUEE_SERVER_ADMISSION_PLACES_H_

#include <atomic>
#include <cstddef>

namespace marquee {

// Thread-safe.
class Places {
 public:
  explicit Places(size_t count) : free_(count) {}

  // Takes a place. Returns false if all are taken.
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

#endif  // MARQUEE_SERVER_ADMISSION_PLACES_H_
