#include "offline/train/als.h"

#include <Eigen/Core>
#include <algorithm>
#include <atomic>
#include <cmath>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/parallel_for.h"
#include "core/base/random.h"
#include "core/base/status_macros.h"
#include "core/base/threads.h"
#include "offline/train/als_row.h"

namespace marquee {
namespace {

// Blocks of fixed sizes: sums by block do not depend on the number of threads.
constexpr size_t kGramBlock = 4096;
constexpr size_t kSolveBlock = 64;
constexpr size_t kLossBlock = 1024;

using RowMajor =
    Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Rows = Eigen::Map<const RowMajor>;

Rows RowsOf(const std::vector<float>& values, size_t factors) {
  return Rows(values.data(), static_cast<Eigen::Index>(values.size() / factors),
              static_cast<Eigen::Index>(factors));
}

// Returns the sum of y y' over all rows, in double precision over fixed blocks.
Eigen::MatrixXd Gram(const std::vector<float>& values, size_t factors,
                     size_t threads) {
  const Rows rows = RowsOf(values, factors);
  const size_t count = static_cast<size_t>(rows.rows());
  std::vector<Eigen::MatrixXd> partial((count + kGramBlock - 1) / kGramBlock);
  ParallelFor(count, kGramBlock, threads,
              [&](size_t block, size_t begin, size_t end) {
                const Eigen::MatrixXd part =
                    rows.middleRows(static_cast<Eigen::Index>(begin),
                                    static_cast<Eigen::Index>(end - begin))
                        .cast<double>();
                partial[block].noalias() = part.transpose() * part;
              });
  const Eigen::Index k = static_cast<Eigen::Index>(factors);
  Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(k, k);
  for (const Eigen::MatrixXd& part : partial) sum += part;
  return sum;
}

// Small random vectors: from zero, every row would stay at zero.
std::vector<float> RandomRows(size_t rows, size_t factors, uint64_t seed) {
  std::vector<float> values(rows * factors);
  const double scale = 0.1 / std::sqrt(static_cast<double>(factors));
  for (size_t r = 0; r < rows; ++r) {
    Random random(seed, 0, r);
    for (size_t f = 0; f < factors; ++f) {
      values[r * factors + f] = static_cast<float>(random.Normal() * scale);
    }
  }
  return values;
}

class Trainer {
 public:
  Trainer(const AlsOptions& options, uint64_t total, AlsProgress progress)
      : options_(options),
        threads_(ThreadCount(static_cast<size_t>(options.threads))),
        total_(total),
        progress_(std::move(progress)) {}

  // Solves all rows of one side, given the vectors of the other.
  absl::Status Solve(const SparseRows& pairs, const std::vector<float>& other,
                     std::vector<float>* solved) {
    const size_t factors = static_cast<size_t>(options_.factors);
    Eigen::MatrixXd gram = Gram(other, factors, threads_);
    gram.diagonal().array() += options_.regularization;
    const AlsRowSolver solver(gram, other, options_.alpha);
    // Relaxed: a flag that is read after the threads are joined.
    std::atomic<bool> failed{false};
    ParallelFor(
        pairs.rows(), kSolveBlock, threads_,
        [&](size_t, size_t begin, size_t end) {
          for (size_t row = begin; row < end; ++row) {
            if (!solver.Solve(pairs.ColumnsOf(row), pairs.ValuesOf(row),
                              {solved->data() + row * factors, factors})) {
              failed.store(true, std::memory_order_relaxed);
            }
          }
        },
        [&](size_t block) {
          if (progress_) progress_(done_ + block * kSolveBlock, total_);
        });
    done_ += pairs.rows();
    if (!failed.load(std::memory_order_relaxed)) return absl::OkStatus();
    return absl::InternalError(
        "the equations of a row have no stable solution: weights of very "
        "different sizes; use a larger regularization or a smaller alpha");
  }

 private:
  const AlsOptions& options_;
  const size_t threads_;
  const uint64_t total_;
  const AlsProgress progress_;
  uint64_t done_ = 0;
};

}  // namespace

absl::Status CheckAlsOptions(const AlsOptions& options) {
  if (options.factors < 1 || options.factors > 1024) {
    return absl::InvalidArgumentError(absl::StrCat(
        "factors is ", options.factors, "; 1 to 1024 are possible"));
  }
  if (options.iterations < 1) {
    return absl::InvalidArgumentError("iterations must be 1 or more");
  }
  if (!(options.regularization > 0) || !std::isfinite(options.regularization)) {
    return absl::InvalidArgumentError(
        "regularization must be above 0: without it a row of few pairs has no "
        "single solution");
  }
  if (!(options.alpha > 0) || !std::isfinite(options.alpha)) {
    return absl::InvalidArgumentError("alpha must be above 0");
  }
  return absl::OkStatus();
}

absl::StatusOr<AlsModel> TrainAls(const SparseRows& user_items,
                                  const AlsOptions& options,
                                  const AlsProgress& progress) {
  MARQUEE_RETURN_IF_ERROR(CheckAlsOptions(options));
  const SparseRows item_users = Transpose(user_items);
  AlsModel model;
  model.factors = static_cast<size_t>(options.factors);
  model.users.resize(user_items.rows() * model.factors);
  // Of the items alone: the users are solved first.
  model.items = RandomRows(item_users.rows(), model.factors, options.seed);
  Trainer trainer(options,
                  static_cast<uint64_t>(options.iterations) *
                      (user_items.rows() + item_users.rows()),
                  progress);
  for (int i = 0; i < options.iterations; ++i) {
    MARQUEE_RETURN_IF_ERROR(
        trainer.Solve(user_items, model.items, &model.users));
    MARQUEE_RETURN_IF_ERROR(
        trainer.Solve(item_users, model.users, &model.items));
    if (options.compute_loss) {
      model.losses.push_back(AlsLoss(user_items, model, options));
    }
  }
  return model;
}

// The sum of all squared scores is the product of the Gram matrices. The pairs
// that occurred are corrected one by one.
double AlsLoss(const SparseRows& user_items, const AlsModel& model,
               const AlsOptions& options) {
  const size_t threads = ThreadCount(static_cast<size_t>(options.threads));
  const Eigen::MatrixXd users = Gram(model.users, model.factors, threads);
  const Eigen::MatrixXd items = Gram(model.items, model.factors, threads);
  const size_t count = user_items.rows();
  std::vector<double> partial((count + kLossBlock - 1) / kLossBlock);
  const Rows x = RowsOf(model.users, model.factors);
  const Rows y = RowsOf(model.items, model.factors);
  ParallelFor(
      count, kLossBlock, threads, [&](size_t block, size_t begin, size_t end) {
        for (size_t u = begin; u < end; ++u) {
          const auto columns = user_items.ColumnsOf(u);
          const auto weights = user_items.ValuesOf(u);
          for (size_t n = 0; n < columns.size(); ++n) {
            const double score =
                x.row(static_cast<Eigen::Index>(u)).dot(y.row(columns[n]));
            const double confidence = 1 + options.alpha * weights[n];
            partial[block] +=
                confidence * (1 - score) * (1 - score) - score * score;
          }
        }
      });
  double loss = users.cwiseProduct(items).sum() +
                options.regularization * (users.trace() + items.trace());
  for (const double part : partial) loss += part;
  return loss;
}

}  // namespace marquee
