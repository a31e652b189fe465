// What a share of measured values is not above.
#ifndef MARQUEE_TESTS_BENCH_PERCENTILE_H_
#define MARQUEE_TESTS_BENCH_PERCENTILE_H_

#include <algorithm>
#include <cstddef>
#include <vector>

namespace marquee {

// `share`: 0 to 1. Requires: values.
inline double Percentile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  const auto at =
      static_cast<size_t>(share * static_cast<double>(values.size()));
  return values[std::min(at, values.size() - 1)];
}

}  // namespace marquee

#endif  // MARQUEE_TESTS_BENCH_PERCENTILE_H_
