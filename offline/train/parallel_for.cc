#include "offline/train/parallel_for.h"

#include <algorithm>
#include <atomic>

#include "core/base/threads.h"

namespace marquee {

void ParallelFor(size_t count, size_t block_size, size_t threads,
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
  RunTogether(std::min(blocks, threads), work);
}

}  // namespace marquee
