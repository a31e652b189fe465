// Times contenders and compares what they find with the exact answers.
#ifndef MARQUEE_TESTS_BENCH_MEASURING_H_
#define MARQUEE_TESTS_BENCH_MEASURING_H_

#include <cstddef>
#include <span>
#include <vector>

#include "core/catalog/candidate.h"
#include "tests/bench/bench_filter.h"
#include "tests/bench/bench_index.h"
#include "tests/bench/contenders.h"

namespace marquee {

struct Question {
  std::vector<float> vector;
  std::vector<Candidate> truth;  // the best k under one filter
};

// `count` of the index' queries, taken at equal distances, or all of them.
// Requires: count >= 1.
std::vector<Question> MakeQuestions(const BenchIndex& index,
                                    const BenchFilter& filter, size_t count,
                                    size_t k);

struct Measured {
  static constexpr size_t kBands = 3;  // of ranks: 1-50, 51-200, the rest

  std::vector<double> ms;  // of each query
  size_t hits[kBands] = {};
  size_t owed[kBands] = {};
};

// Measures with `threads` threads at once, of which each asks every contender
// every question; results are in the order of the contenders, empty for one
// that can not filter where it would have to. The contenders take turns query
// by query in random order, each with another query than the one before it, so
// that none finds the items that it needs in the cache already. The threads
// begin each turn together, with different queries to the same contender, so
// that an engine competes for memory with itself. Some turns before are not
// measured. Requires: threads >= 1; at least one question.
std::vector<Measured> Measure(std::span<const Contender> contenders,
                              std::span<const Question> questions,
                              const BenchFilter& filter, size_t items, size_t k,
                              size_t threads);

}  // namespace marquee

#endif  // MARQUEE_TESTS_BENCH_MEASURING_H_
