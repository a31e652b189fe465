// marquee-bench ranking: engines side by side on the caller's own model.
#ifndef MARQUEE_TESTS_BENCH_RANKING_BENCH_H_
#define MARQUEE_TESTS_BENCH_RANKING_BENCH_H_

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace marquee {

inline constexpr const char* kRankingEngines[] = {"bit_sliced", "walk",
                                                  "reference", "xgboost"};

struct RankingBenchOptions {
  std::string model;   // of one output
  size_t rows = 500;   // of a request
  size_t count = 100;  // requests to measure
  // Of kRankingEngines. In turns each empties the caches of the others.
  std::vector<std::string> engines = {"bit_sliced", "walk", "reference",
                                      "xgboost"};

  bool Has(absl::string_view engine) const {
    return std::find(engines.begin(), engines.end(), engine) != engines.end();
  }
};

// Measures and prints a JSON array of rows, one for each engine that can score
// the model, on one thread, in turns: bit_sliced on every instruction set that
// this processor has, the reference, and XGBoost's own library ("xgboost", its
// version a parameter) where that can load the model. The
// rows are those of MakeProbeRows. A time is that of scoring all rows from
// floats, quantisation included; `max_abs_difference` is to the reference.
// Errors: those of the model; FailedPrecondition for one of several outputs.
absl::Status BenchRanking(const RankingBenchOptions& options);

}  // namespace marquee

#endif  // MARQUEE_TESTS_BENCH_RANKING_BENCH_H_
