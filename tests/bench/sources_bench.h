// marquee-bench sources: the first stage with one source of candidates and with
// all, on the users of a snapshot.
#ifndef MARQUEE_TESTS_BENCH_SOURCES_BENCH_H_
#define MARQUEE_TESTS_BENCH_SOURCES_BENCH_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"

namespace marquee {

struct SourcesBenchOptions {
  std::string snapshot;     // a version, or the directory of the versions
  size_t candidates = 500;  // of a request
  size_t count = 300;       // users with a vector, taken at equal distances
};

// Measures and prints a JSON array on one thread: the time of the stage
// `retrieve` for the nearest by vector alone, for the mix of the policy, for
// each other source alone, and for the cheapest tier. Each user is asked in all
// ways in turns, forwards and backwards; `over_personal_ms` is the median of
// the differences to the first way, paired by user. Errors: those of the
// snapshot; FailedPrecondition if no user has a vector.
absl::Status BenchSources(const SourcesBenchOptions& options);

}  // namespace marquee

#endif  // MARQUEE_TESTS_BENCH_SOURCES_BENCH_H_
