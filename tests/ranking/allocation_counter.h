// Counts what a test program allocates.
#ifndef MARQUEE_TESTS_RANKING_ALLOCATION_COUNTER_H_
#define MARQUEE_TESTS_RANKING_ALLOCATION_COUNTER_H_

#include <cstddef>

namespace marquee {

// By operator new, on this thread so far.
size_t Allocations();

}  // namespace marquee

#endif  // MARQUEE_TESTS_RANKING_ALLOCATION_COUNTER_H_
