// marquee-bench retrieval: engines side by side on the caller's own vectors.
#ifndef MARQUEE_TESTS_BENCH_RETRIEVAL_BENCH_H_
#define MARQUEE_TESTS_BENCH_RETRIEVAL_BENCH_H_

#include "absl/status/status.h"
#include "tests/bench/bench_options.h"

namespace marquee {

// Measures and prints a JSON array of rows, one for each filter, selectivity,
// number of threads and contender (contenders.h, measuring.h). A row's
// `build_s` is what its engine needs beside the vectors: the cells, the graph,
// or of "planned" the tuning and measuring alone. `exact` has rows with
// {"together": n}, whose times are those of a pass of n queries, divided by n;
// the queries of a pass have the same filter here, so where few items are
// eligible they share more than queries with filters of their own would.
// Requires: engines and filters are of the names known; k, count and threads
// are at least 1. Errors: those of the files and of BuildGraph;
// InvalidArgument.
absl::Status BenchRetrieval(const RetrievalBenchOptions& options);

}  // namespace marquee

#endif  // MARQUEE_TESTS_BENCH_RETRIEVAL_BENCH_H_
