// The engines that marquee-bench retrieval compares, each with one set of
// parameters.
#ifndef MARQUEE_TESTS_BENCH_CONTENDERS_H_
#define MARQUEE_TESTS_BENCH_CONTENDERS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/retrieval/retriever.h"
#include "nlohmann/json.hpp"
#include "tests/bench/bench_index.h"
#include "tests/bench/bench_options.h"

namespace marquee {

// What one thread needs for one query, and what it finds. Externally
// synchronised.
struct Answer {
  Answer(size_t items, size_t k) : scratch(items), candidates(k), rows(k) {}

  RetrievalScratch scratch;
  std::vector<Candidate> candidates;
  std::vector<uint32_t> rows;  // [k]: the result, best first
  size_t found = 0;            // of `rows`
};

struct Contender {
  static constexpr size_t kMostTogether = 4;

  std::string engine;
  nlohmann::ordered_json parameters = nlohmann::ordered_json::object();
  double build_seconds = 0;
  size_t bytes = 0;  // that it reads beside the vectors
  std::string memory = "its own";
  bool filters = true;
  size_t together = 1;  // queries of one search, at most kMostTogether
  // Before its searches, while there are none; may be empty.
  std::function<void()> prepare;
  // As many queries and answers as `together`. Thread-safe.
  std::function<void(std::span<const RetrievalQuery>, std::span<Answer>)>
      search;
};

// Those of `options.engines`, in that order. They refer to `index`, which must
// outlive them.
std::vector<Contender> MakeContenders(const BenchIndex& index,
                                      const RetrievalBenchOptions& options);

}  // namespace marquee

#endif  // MARQUEE_TESTS_BENCH_CONTENDERS_H_
