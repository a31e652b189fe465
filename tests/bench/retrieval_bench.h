// marquee-bench retrieval: engines side by side on the caller's own vectors.
#ifndef MARQUEE_TESTS_BENCH_RETRIEVAL_BENCH_H_
#define MARQUEE_TESTS_BENCH_RETRIEVAL_BENCH_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "core/base/file_bytes.h"

namespace marquee {

struct RetrievalBenchOptions {
  std::string items;    // .npy, [titles × dimension]
  std::string queries;  // .npy, [users × dimension]
  size_t k = 500;
  size_t count = 200;  // queries, taken at equal distances
  std::vector<double> selectivities = {1, 0.5, 0.1, 0.01, 0.001};
  // Of "exact", "cells", "graph", "hnswlib".
  std::vector<std::string> engines = {"exact", "cells", "hnswlib"};
  size_t links = 16;  // of the graphs
  size_t build_width = 200;
  // Of what our engines read.
  Placement memory = Placement::kMapped;
};

// Measures and prints a JSON array of rows. One thread; the engines take turns
// query by query, after some turns that are not measured. Errors: those of the
// files; InvalidArgument.
absl::Status BenchRetrieval(const RetrievalBenchOptions& options);

}  // namespace marquee

#endif  // MARQUEE_TESTS_BENCH_RETRIEVAL_BENCH_H_
