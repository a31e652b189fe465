// marquee-bench ranking --snapshot: the ranking stage of a server, features
// included, on the users of a snapshot.
#ifndef MARQUEE_TESTS_BENCH_RANK_STAGE_BENCH_H_
#define MARQUEE_TESTS_BENCH_RANK_STAGE_BENCH_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"

namespace marquee {

struct RankStageBenchOptions {
  std::string snapshot;  // a version, or the directory of the versions
  size_t rows = 500;     // candidates of a request
  size_t count = 100;    // users, taken at equal distances
};

// Measures and prints a JSON array of two rows, on one thread, in turns, each
// request with another user's candidates: "item_ranks", which reads the ranks
// that the snapshot has of its items, and "features", which computes all
// features of every candidate. `features_ms` is the part before the trees where
// it can be told apart. Errors: those of the snapshot; FailedPrecondition for
// one without a ranker, or whose items are not ranked.
absl::Status BenchRankStage(const RankStageBenchOptions& options);

}  // namespace marquee

#endif  // MARQUEE_TESTS_BENCH_RANK_STAGE_BENCH_H_
