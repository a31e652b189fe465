// Returns free memory of the heap to the system.
//
// The allocator returns memory from the end of a heap only. After a burst (many
// calls at once, requests that never end, a client that reads no answer) small
// allocations above the free pages keep them. Without a trim, the process would
// one day be killed for memory that it does not use.
#ifndef MARQUEE_SERVER_APP_HEAP_TRIMMER_H_
#define MARQUEE_SERVER_APP_HEAP_TRIMMER_H_

#include <cstddef>

#include "absl/time/time.h"
#include "core/base/clock.h"

namespace marquee {

// Externally synchronised. One thread calls it regularly.
class HeapTrimmer {
 public:
  // This much may be free: the working memory of a busy server is less.
  static constexpr size_t kMostFree = size_t{32} << 20;
  // Threads that allocate may wait some milliseconds for a trim.
  static constexpr absl::Duration kPause = absl::Seconds(10);

  explicit HeapTrimmer(const Clock& clock);

  // Checks the heap if `kPause` has passed since the last check. Trims it if
  // the free memory that is resident exceeds its least value so far by more
  // than kMostFree. Returns by how many bytes the process became smaller.
  size_t TrimNowAndThen();

 private:
  const Clock& clock_;
  SteadyTime next_;
  // The least unused memory so far: a trim can not return that.
  size_t least_;
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_APP_HEAP_TRIMMER_H_
