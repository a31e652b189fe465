// Alternating least squares for implicit feedback (Hu, Koren, Volinsky,
// "Collaborative Filtering for Implicit Feedback Datasets", ICDM 2008).
//
//   MARQUEE_ASSIGN_OR_RETURN(const AlsModel model,
//                            TrainAls(user_items, {.factors = 64}));
//   // The vector of user u: model.users [u * model.factors, model.factors).
//
// The weights w are those of the pairs that occurred, 0 elsewhere. With the
// confidence c = 1 + alpha w and the preference p = (w > 0), it lowers
//
//   loss = sum over all users u and items i of c_ui (p_ui - x_u . y_i)^2
//          + regularization (sum |x_u|^2 + sum |y_i|^2)
//
// by solving exactly for all users, then for all items, and so on. One row is
//
//   x_u = (Y'Y + Y'(C_u - I)Y + regularization I)^-1  Y'C_u p_u
//
// where Y'Y is computed once for all rows (the Gram trick), so that a row costs
// its own pairs only. A server folds in a new user with the same formula, from
// the item vectors, alpha and the regularization. Score = x_u . y_i.
#ifndef MARQUEE_OFFLINE_TRAIN_ALS_H_
#define MARQUEE_OFFLINE_TRAIN_ALS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "offline/train/sparse_rows.h"

namespace marquee {

struct AlsOptions {
  // 1 to 1024. More: finer taste, more memory and time (cubic for short rows).
  int factors = 64;
  // 1 or more. 10 to 20 are usual; the loss falls with each.
  int iterations = 15;
  // > 0. Larger: smaller vectors, rare items pulled to zero. This and alpha
  // gave the best recall@20 of the items liked last, on MovieLens (small) and
  // on the synthetic world taken together: 0.170 and 0.431. (Most popular:
  // 0.100 and 0.055; alpha 40 and regularization 0.05: 0.147 on MovieLens.)
  double regularization = 10;
  // > 0. Larger: pairs that occurred count more than those that did not.
  double alpha = 2;
  // 0: one per processor. The result does not depend on it.
  int threads = 0;
  uint64_t seed = 1;
  // Whether to compute the loss after every iteration (a tenth of the time).
  bool compute_loss = false;
};

// Errors: InvalidArgument that says what is possible.
absl::Status CheckAlsOptions(const AlsOptions& options);

struct AlsModel {
  size_t factors = 0;
  std::vector<float> users;    // [users x factors], row-major
  std::vector<float> items;    // [items x factors], row-major
  std::vector<double> losses;  // one per iteration, if requested
};

// Called with the progress by the thread of the caller: the rows solved so far,
// of iterations x (users + items).
using AlsProgress = std::function<void(uint64_t rows, uint64_t total)>;

// `user_items` has the users as rows; all its values are > 0 and finite.
// Errors: InvalidArgument for options out of range; Internal if a row can not
// be solved even in double precision (weights of very different size).
absl::StatusOr<AlsModel> TrainAls(const SparseRows& user_items,
                                  const AlsOptions& options,
                                  const AlsProgress& progress = nullptr);

// Returns the loss above.
double AlsLoss(const SparseRows& user_items, const AlsModel& model,
               const AlsOptions& options);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_TRAIN_ALS_H_
