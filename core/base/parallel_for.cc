#include "core/base/parallel_for.h"

namespace marquee {

BlockQueue::BlockQueue(size_t count, size_t block_size)
    : count_(count),
      block_size_(block_size),
      blocks_((count + block_size - 1) / block_size) {}

std::optional<Block> BlockQueue::Next() {
  const size_t number = next_.fetch_add(1, std::memory_order_relaxed);
  if (number >= blocks_) return std::nullopt;
  const size_t begin = number * block_size_;
  return Block{.number = number,
               .begin = begin,
               .end = std::min(begin + block_size_, count_)};
}

void ParallelFor(size_t count, size_t block_size, size_t threads,
                 const std::function<void(size_t, size_t, size_t)>& body,
                 const std::function<void(size_t)>& tick) {
  struct None {};
  ParallelForWith([] { return None{}; }, count, block_size, threads,
                  [&](None&, size_t block, size_t begin, size_t end) {
                    body(block, begin, end);
                  },
                  tick);
}

}  // namespace marquee
