#include "server/app/heap_trimmer.h"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace marquee {
namespace {

// Returns the bytes in pages that belong to no file; 0 if the system does not
// report them.
size_t AnonymousBytes() {
  // The first three numbers of statm, in pages: mapped, resident, and resident
  // of files and shared memory.
  size_t all = 0, resident = 0, of_files = 0;
  std::ifstream("/proc/self/statm") >> all >> resident >> of_files;
  return (resident - std::min(resident, of_files)) *
         static_cast<size_t>(::sysconf(_SC_PAGESIZE));
}

// Returns the bytes in pages that hold no allocation. Not all of them are of
// the heap.
size_t UnusedBytes() {
  const struct mallinfo2 heap = mallinfo2();
  const size_t anonymous = AnonymousBytes();
  return anonymous - std::min(anonymous, heap.uordblks + heap.hblkhd);
}

}  // namespace

HeapTrimmer::HeapTrimmer(const Clock& clock)
    : clock_(clock), next_(clock.Steady() + kPause), least_(UnusedBytes()) {}

size_t HeapTrimmer::TrimNowAndThen() {
  const SteadyTime now = clock_.Steady();
  if (now < next_) return 0;
  next_ = now + kPause;
  const size_t before = UnusedBytes();
  least_ = std::min(least_, before);
  if (before - least_ <= kMostFree) return 0;
  malloc_trim(0);
  least_ = UnusedBytes();
  return before - std::min(before, least_);
}

}  // namespace marquee
