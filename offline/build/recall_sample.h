// Measures recall: the share of the exact answer that an engine finds, on
// vectors such as those that will be queried.
#ifndef MARQUEE_OFFLINE_BUILD_RECALL_SAMPLE_H_
#define MARQUEE_OFFLINE_BUILD_RECALL_SAMPLE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "core/catalog/item_vectors.h"
#include "core/retrieval/retriever.h"
#include "core/users/user_vectors.h"

namespace marquee {

// Queries with their exact answers. The queries are vectors of users and of
// items (the queries for similar items), each at several shares of eligible
// items drawn at random. Deterministic for the same vectors. Immutable after
// construction.
class RecallSample {
 public:
  struct Options {
    size_t users = 100;  // at equal distances; all if there are fewer
    size_t items = 30;   // as for users
    size_t depth = 500;
    std::vector<double> selectivities = {1, 0.3, 0.1, 0.03, 0.01};
    size_t threads = 0;  // that compute the exact answers; 0: all cores
    // Called from time to time, from one thread, with the number of a query
    // that was answered.
    std::function<void(size_t)> progress;
  };

  // The vectors must outlive the sample.
  RecallSample(const ItemVectors& items, const UserVectors& users,
               const Options& options);

  // Returns the share of the exact answers that the engine finds: the lowest of
  // the means over the users and over the items at each selectivity. 1 without
  // queries.
  double Lowest(const Retriever& engine) const;

  size_t queries() const { return queries_.size(); }
  size_t depth() const { return depth_; }

 private:
  struct Filter {
    std::vector<uint64_t> eligible;
    size_t count = 0;
  };
  struct Query {
    std::vector<float> vector;
    bool is_item = false;
    std::vector<std::vector<Candidate>> truth;  // [filters]
  };

  void AddQueries(const UserVectors& users, const Options& options);
  void FindTruth(const Options& options);
  RetrievalQuery Ask(const Query& query, const Filter& filter) const;

  const ItemVectors& items_;
  const size_t depth_;
  std::vector<Filter> filters_;
  std::vector<Query> queries_;
};

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_BUILD_RECALL_SAMPLE_H_
