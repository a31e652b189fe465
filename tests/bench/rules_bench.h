// marquee-bench rules: the last stage of a server, filling up included, on the
// users and the policy of a snapshot.
#ifndef MARQUEE_TESTS_BENCH_RULES_BENCH_H_
#define MARQUEE_TESTS_BENCH_RULES_BENCH_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace marquee {

struct RulesBenchOptions {
  std::string snapshot;  // a version, or the directory of the versions
  // Of the requests: "genre=Drama"; empty: none.
  std::string filter;
  std::vector<size_t> limits = {20, 200};
  size_t count = 2000;  // requests of each limit, of users at equal distances
};

// Measures whole requests on one thread, without a deadline, and prints a JSON
// array with a row for each limit: the time of the rules, percentiles in
// milliseconds, that of the request, and how many items a list has in the
// mean. Errors: those of the snapshot and of the filter.
absl::Status BenchRules(const RulesBenchOptions& options);

}  // namespace marquee

#endif  // MARQUEE_TESTS_BENCH_RULES_BENCH_H_
