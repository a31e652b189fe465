#include "offline/train/parallel_for.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace marquee {

int ThreadCount(int requested) {
  if (requested > 0) return requested;
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

void ParallelFor(size_t count, size_t block_size, int threads,
                 const std::function<void(size_t, size_t, size_t)>& body,
                 const std::function<void(size_t)>& tick) {
  const size_t blocks = (count + block_size - 1) / block_size;
  // Relaxed: it only hands out numbers; joining the threads publishes results.
  std::atomic<size_t> next{0};
  const auto work = [&](bool caller) {
    while (true) {
      const size_t block = next.fetch_add(1, std::memory_order_relaxed);
      if (block >= blocks) return;
      const size_t begin = block * block_size;
      body(block, begin, std::min(begin + block_size, count));
      if (caller && tick) tick(block);
    }
  };
  std::vector<std::thread> others;
  for (int i = 1; i < threads && i < blocks; ++i) {
    others.emplace_back(work, false);
  }
  work(true);
  for (std::thread& other : others) other.join();
}

}  // namespace marquee
