// Counts what a test program allocates.
#ifndef MARQUEE_TESTS_SCORING_ALLOCATION_COUNTER_H_
#define MARQUEE_TESTS_SCORING_ALLOCATION_COUNTER_H_

#include <cstddef>

namespace marquee {

// By operator new, on this thread so far.
size_t Allocations();

// The most bytes that were allocated at once, beyond those at construction, by
// this thread. Of two that are alive the later one counts.
class PeakBytes {
 public:
  PeakBytes();
  size_t Get() const;

 private:
  const size_t before_;
};

}  // namespace marquee

#endif  // MARQUEE_TESTS_SCORING_ALLOCATION_COUNTER_H_
