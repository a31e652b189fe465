// Loops over independent blocks on all cores.
//
//   ParallelFor(rows.size(), 1024, threads,
//               [&](size_t block, size_t begin, size_t end) {
//                 for (size_t row = begin; row < end; ++row) sums[block] += …;
//               });
#ifndef MARQUEE_CORE_BASE_PARALLEL_FOR_H_
#define MARQUEE_CORE_BASE_PARALLEL_FOR_H_

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <optional>

#include "core/base/threads.h"

namespace marquee {

struct Block {
  size_t number = 0;
  size_t begin = 0;
  size_t end = 0;
};

// Hands out the blocks of 0 … count - 1 in order. Thread-safe.
class BlockQueue {
 public:
  BlockQueue(size_t count, size_t block_size);

  size_t blocks() const { return blocks_; }
  // Absent: all blocks are handed out.
  std::optional<Block> Next();

 private:
  const size_t count_;
  const size_t block_size_;
  const size_t blocks_;
  // Relaxed: it only hands out numbers. Joining the threads publishes results.
  std::atomic<size_t> next_{0};
};

// Calls body(block, begin, end) once for every block of `block_size` of 0 …
// count − 1, on `threads` threads, in any order. Blocks do not depend on the
// number of threads, so sums that are kept by block and added in the order of
// blocks are the same for any number. `tick`, if given, is called between
// blocks, only by the calling thread, with the number of the block that it
// finished.
void ParallelFor(size_t count, size_t block_size, size_t threads,
                 const std::function<void(size_t, size_t, size_t)>& body,
                 const std::function<void(size_t)>& tick = nullptr);

// The same with working memory: each thread calls make_scratch() once and
// body(scratch, block, begin, end) for its blocks.
template <typename MakeScratch, typename Body>
void ParallelForWith(const MakeScratch& make_scratch, size_t count,
                     size_t block_size, size_t threads, const Body& body,
                     const std::function<void(size_t)>& tick = nullptr) {
  BlockQueue queue(count, block_size);
  RunTogether(std::min(queue.blocks(), threads), [&](bool caller) {
    auto scratch = make_scratch();
    while (const std::optional<Block> block = queue.Next()) {
      body(scratch, block->number, block->begin, block->end);
      if (caller && tick) tick(block->number);
    }
  });
}

}  // namespace marquee

#endif  // MARQUEE_CORE_BASE_PARALLEL_FOR_H_
