// What marquee-bench retrieval is asked for.
#ifndef MARQUEE_TESTS_BENCH_BENCH_OPTIONS_H_
#define MARQUEE_TESTS_BENCH_BENCH_OPTIONS_H_

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/files/file_bytes.h"

namespace marquee {

inline constexpr const char* kBenchEngines[] = {"exact", "cells", "graph",
                                                "planned", "hnswlib"};
inline constexpr const char* kBenchFilters[] = {"random", "two_attributes"};
inline constexpr size_t kMostBenchThreads = 256;

struct RetrievalBenchOptions {
  std::string items;    // .npy, [items × dimension]
  std::string queries;  // .npy, [users × dimension]
  size_t k = 500;
  size_t count = 200;  // queries, taken at equal distances
  // How many threads search at once; each is measured by itself. More than
  // there are cores: the scheduler is measured too.
  std::vector<size_t> threads = {1};
  // Shares of the items that are eligible.
  std::vector<double> selectivities = {1, 0.5, 0.1, 0.01, 0.001};
  std::vector<std::string> filters = {"random"};  // of kBenchFilters
  // Of kBenchEngines. "planned" has the graph when "graph" is among them.
  std::vector<std::string> engines = {"exact", "cells", "hnswlib"};
  size_t links = 16;  // of the graphs
  size_t build_width = 200;
  // Of what our engines read.
  Placement memory = Placement::kMapped;

  bool Has(absl::string_view engine) const {
    return std::find(engines.begin(), engines.end(), engine) != engines.end();
  }
};

}  // namespace marquee

#endif  // MARQUEE_TESTS_BENCH_BENCH_OPTIONS_H_
