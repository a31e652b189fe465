// LambdaMART by XGBoost's C API, in the only file that calls it.
#ifndef MARQUEE_OFFLINE_TRAIN_XGBOOST_RANKER_H_
#define MARQUEE_OFFLINE_TRAIN_XGBOOST_RANKER_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "offline/train/ranker_data.h"

namespace marquee {

struct RankerOptions {
  // The most trees. There are fewer if NDCG of the held-out users, over all
  // their candidates, stops rising.
  int rounds = 300;
  int leaves = 31;              // of a tree; 2 to 64 are fast when serving
  double learning_rate = 0.05;  // smaller: more trees, often better
  // Smallest sum of second derivatives in a leaf. Larger: more careful with
  // little data.
  double min_leaf_weight = 1;
  // Every how many-th user is held out to decide when to stop; 0: none, all
  // rounds are kept.
  int hold_back_every = 5;
  // The rounds without a better NDCG after which it stops. On little data the
  // first tens of rounds say nothing: 30 stopped a third of the trainings at a
  // model that was worse than none.
  int patience = 100;
  uint32_t seed = 1;
  // How the vectors of the features were made. Kept in the model.
  std::string vectors;
  // 0: all cores. XGBoost draws pairs by thread, so the model depends on it.
  int threads = 0;
};

struct RankerModel {
  std::string json;  // as XGBoost saves it, with feature names
  int trees = 0;
  // NDCG@10 of the held-out users at the best round; 0: none was held out.
  double ndcg = 0;
  double retrieval_ndcg = 0;  // of the same users in retrieval order
};

// Errors: Internal with XGBoost's message.
absl::StatusOr<RankerModel> TrainRanker(
    const RankerData& data, const RankerOptions& options,
    const std::function<void(int, double)>& progress);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_TRAIN_XGBOOST_RANKER_H_
