// Gives back to the system what the heap holds free.
//
// The allocator returns memory from the end of a heap only. After a burst (many
// calls at once, requests that never end, a client that reads no answer) the
// pages stay, as something small lives above them, and the process is killed
// one day for what nobody uses.
#ifndef MARQUEE_SERVER_APP_HEAP_TRIMMER_H_
#define MARQUEE_SERVER_APP_HEAP_TRIMMER_H_

#include <cstddef>

#include "absl/time/time.h"
#include "core/base/clock.h"

namespace marquee {

// Externally synchronised: one thread calls it now and then.
class HeapTrimmer {
 public:
  // So much may lie free: a busy server's working memory is less.
  static constexpr size_t kMostFree = size_t{32} << 20;
  // Threads that allocate may wait some milliseconds for a trim.
  static constexpr absl::Duration kPause = absl::Seconds(10);

  explicit HeapTrimmer(const Clock& clock);

  // Looks at the heap when `kPause` is over since the last look, and trims it
  // where more than kMostFree more is free and in memory than there was.
  // Returns by how many bytes the process became smaller.
  size_t TrimNowAndThen();

 private:
  const Clock& clock_;
  SteadyTime next_;
  // The least that was unused: a trim can not give that back.
  size_t least_;
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_APP_HEAP_TRIMMER_H_
