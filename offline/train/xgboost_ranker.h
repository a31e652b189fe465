// LambdaMART through XGBoost's C API; the one place that calls it.
#ifndef MARQUEE_OFFLINE_TRAIN_XGBOOST_RANKER_H_
#define MARQUEE_OFFLINE_TRAIN_XGBOOST_RANKER_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "offline/train/ranker_data.h"

namespace marquee {

struct RankerOptions {
  // Trees at most; fewer when NDCG of the held-back people, over all their
  // candidates, stops rising.
  int rounds = 300;
  int leaves = 31;              // of a tree, 2 to 64 are fast when serving
  double learning_rate = 0.05;  // smaller: more trees, often better
  // Smallest sum of second derivatives in a leaf: larger is more careful with
  // little data.
  double min_leaf_weight = 1;
  // Every how many-th person is held back to tell when to stop; 0: nobody, all
  // rounds are kept.
  int hold_back_every = 5;
  // Rounds without a better NDCG before it stops. On little data the first tens
  // of rounds say nothing: 30 stopped a third of the trainings at a model that
  // was worse than none.
  int patience = 100;
  uint32_t seed = 1;
  // How the vectors of the features were made: kept in the model.
  std::string vectors;
  // 0: all cores. XGBoost draws pairs by thread: the model depends on it.
  int threads = 0;
};

struct RankerModel {
  std::string json;  // as XGBoost saves it, with feature names
  int trees = 0;
  double ndcg = 0;  // NDCG@10 of the held-back people at the best round; 0 when
                    // nobody was
  double retrieval_ndcg = 0;  // of the same people in the order of retrieval
};

// Errors: Internal with what XGBoost says.
absl::StatusOr<RankerModel> TrainRanker(
    const RankerData& data, const RankerOptions& options,
    const std::function<void(int, double)>& progress);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_TRAIN_XGBOOST_RANKER_H_
