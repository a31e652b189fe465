// marquee-bench vectors: vectors of a known make, so that anyone can measure
// the same.
#ifndef MARQUEE_TESTS_BENCH_CLUSTERED_VECTORS_H_
#define MARQUEE_TESTS_BENCH_CLUSTERED_VECTORS_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"

namespace marquee {

struct ClusteredVectorsOptions {
  size_t items = 500'000;
  size_t users = 2000;
  size_t dimension = 64;
  // Of directions. More: fewer items are alike.
  size_t clusters = 2000;
  // The deviation of the logarithm of the items' lengths. 0: all are 1; more:
  // fewer items are the best for everyone.
  double sigma = 0.5;
  uint64_t seed = 1;
  std::string directory;
};

// Writes item_embeddings.npy and user_embeddings.npy, float32, and makes the
// directory. Each vector is one of the clusters' centers, drawn from a normal
// distribution, plus 0.7 of such a vector of its own; an item's is brought to
// the length exp(sigma · normal), which is lognormal. An item or user does not
// depend on how many there are. Equal options give equal bytes, but for the
// last bit of an item where the C libraries' exponentials differ. Errors: those
// of the files.
absl::Status WriteClusteredVectors(const ClusteredVectorsOptions& options);

}  // namespace marquee

#endif  // MARQUEE_TESTS_BENCH_CLUSTERED_VECTORS_H_
