// A loop over independent blocks on all cores.
#ifndef MARQUEE_OFFLINE_TRAIN_PARALLEL_FOR_H_
#define MARQUEE_OFFLINE_TRAIN_PARALLEL_FOR_H_

#include <cstddef>
#include <functional>

namespace marquee {

// Calls body(block, begin, end) once for every block of `block_size` of
// 0 … count - 1, on `threads` threads, in any order. Blocks do not depend on
// the number of threads: sums that are kept by block and added in their order
// are the same for any number. `tick`, when given, is called between blocks by
// the calling thread alone, with the number of blocks that were begun.
void ParallelFor(size_t count, size_t block_size, size_t threads,
                 const std::function<void(size_t, size_t, size_t)>& body,
                 const std::function<void(size_t)>& tick = nullptr);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_TRAIN_PARALLEL_FOR_H_
