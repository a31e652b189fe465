// How much of the exact answer an engine finds, measured on the vectors that
// will be asked for.
#ifndef MARQUEE_CORE_RETRIEVAL_RECALL_H_
#define MARQUEE_CORE_RETRIEVAL_RECALL_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/catalog/item_vectors.h"
#include "core/retrieval/retriever.h"
#include "core/users/user_vectors.h"

namespace marquee {

// Queries with their exact answers: vectors of users and of titles (what
// similar titles are asked with), each at several shares of eligible titles,
// drawn at random. The same for the same vectors. Immutable after construction.
class RecallSample {
 public:
  struct Options {
    size_t users = 100;  // taken at equal distances; fewer when there are fewer
    size_t titles = 30;  // likewise
    size_t depth = 500;
    std::vector<double> selectivities = {1, 0.3, 0.1, 0.03, 0.01};
    size_t threads = 0;  // that find the exact answers; 0: all cores
    // Called now and then with the number of queries that are begun, from one
    // thread.
    std::function<void(size_t)> progress;
  };

  // The vectors must outlive it.
  RecallSample(const ItemVectors& items, const UserVectors& users,
               const Options& options);

  // The share of the exact answers that the engine finds: the mean over the
  // users or over the titles at one selectivity, whichever is lowest. 1 without
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
    bool is_title = false;
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

// Which of the titles are eligible, each with the given probability. The same
// for the same arguments.
std::vector<uint64_t> RandomEligible(size_t titles, double selectivity,
                                     uint64_t seed);

// How many of the rows of `truth` are in `found`.
size_t CountFound(std::span<const Candidate> truth,
                  std::span<const Candidate> found);

}  // namespace marquee

#endif  // MARQUEE_CORE_RETRIEVAL_RECALL_H_
