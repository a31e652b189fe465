// Counts the locks that a test program takes.
#ifndef MARQUEE_TESTS_SCORING_LOCK_COUNTER_H_
#define MARQUEE_TESTS_SCORING_LOCK_COUNTER_H_

#include <cstddef>
#include <optional>

namespace marquee {

// Of pthread, and so of std::mutex and std::shared_mutex, on this thread so
// far; none under a sanitizer, which has these functions for itself. Not those
// of absl: that scoring includes none is checked by includes_test.py.
std::optional<size_t> Locks();

}  // namespace marquee

#endif  // MARQUEE_TESTS_SCORING_LOCK_COUNTER_H_
