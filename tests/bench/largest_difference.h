// How far the scores of one engine are from those of another.
#ifndef MARQUEE_TESTS_BENCH_LARGEST_DIFFERENCE_H_
#define MARQUEE_TESTS_BENCH_LARGEST_DIFFERENCE_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace marquee {

// Infinite when one of a pair is NaN and the other is not. Requires: equal
// sizes.
inline double LargestDifference(const std::vector<double>& a,
                                const std::vector<double>& b) {
  double largest = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i]))) continue;
    const double difference = std::abs(a[i] - b[i]);
    largest = std::isnan(difference) ? std::numeric_limits<double>::infinity()
                                     : std::max(largest, difference);
  }
  return largest;
}

}  // namespace marquee

#endif  // MARQUEE_TESTS_BENCH_LARGEST_DIFFERENCE_H_
