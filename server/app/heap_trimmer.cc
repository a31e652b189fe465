#include "server/app/heap_trimmer.h"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace marquee {
namespace {

// Of pages that are of no file, in bytes; 0 when the system does not tell.
size_t AnonymousBytes() {
  size_t all = 0, resident = 0, of_files = 0;
  std::ifstream("/proc/self/statm") >> all >> resident >> of_files;
  return (resident - std::min(resident, of_files)) *
         static_cast<size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

size_t HeapTrimmer::TrimNowAndThen() {
  const SteadyTime now = clock_.Steady();
  if (now < next_) return 0;
  next_ = now + kPause;
  const size_t before = AnonymousBytes();
  if (before <= resident_ + kMostFree || mallinfo2().fordblks <= kMostFree) {
    return 0;
  }
  malloc_trim(0);
  resident_ = AnonymousBytes();
  return before - std::min(before, resident_);
}

}  // namespace marquee
