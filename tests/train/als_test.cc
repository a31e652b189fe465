#include "offline/train/als.h"

#include <Eigen/Dense>
#include <cmath>
#include <vector>

#include "core/base/random.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;
using RowMajor =
    Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Users of two groups who like the items of their group.
SparseRows TwoTastes(size_t users, size_t items) {
  std::vector<uint32_t> rows, columns;
  std::vector<float> values;
  Random random(7);
  for (uint32_t u = 0; u < users; ++u) {
    for (uint32_t i = 0; i < items; ++i) {
      if (!random.Chance(u % 2 == i % 2 ? 0.5 : 0.02)) continue;
      rows.push_back(u);
      columns.push_back(i);
      values.push_back(static_cast<float>(1 + random.Below(3)));
    }
  }
  return SparseFromPairs(rows, columns, values, users, items);
}

// Solves for one side with dense matrices, as the formula says.
Eigen::MatrixXd NaiveSolve(const SparseRows& pairs, const Eigen::MatrixXd& y,
                           const AlsOptions& options) {
  Eigen::MatrixXd x(pairs.rows(), y.cols());
  for (size_t u = 0; u < pairs.rows(); ++u) {
    Eigen::VectorXd confidence = Eigen::VectorXd::Ones(y.rows());
    Eigen::VectorXd preference = Eigen::VectorXd::Zero(y.rows());
    for (size_t n = 0; n < pairs.ColumnsOf(u).size(); ++n) {
      confidence[pairs.ColumnsOf(u)[n]] += options.alpha * pairs.ValuesOf(u)[n];
      preference[pairs.ColumnsOf(u)[n]] = 1;
    }
    const Eigen::MatrixXd left =
        y.transpose() * confidence.asDiagonal() * y +
        options.regularization * Eigen::MatrixXd::Identity(y.cols(), y.cols());
    x.row(u) = left.fullPivLu()
                   .solve(y.transpose() * confidence.asDiagonal() * preference)
                   .transpose();
  }
  return x;
}

Eigen::MatrixXd Matrix(const std::vector<float>& values, size_t factors) {
  return Eigen::Map<const RowMajor>(values.data(), values.size() / factors,
                                    factors)
      .cast<double>();
}

TEST(Als, EachSideIsTheSolutionOfTheNormalEquations) {
  const SparseRows pairs = TwoTastes(30, 20);
  AlsOptions options;
  options.factors = 5;
  options.iterations = 2;
  const auto model = TrainAls(pairs, options);
  ASSERT_TRUE(model.ok()) << model.status();
  const Eigen::MatrixXd users = Matrix(model->users, 5);
  const Eigen::MatrixXd wanted = NaiveSolve(Transpose(pairs), users, options);
  EXPECT_LT((Matrix(model->items, 5) - wanted).norm() / wanted.norm(), 1e-4);
  // The users were solved against the items of the iteration before.
  options.iterations = 1;
  const Eigen::MatrixXd before = Matrix(TrainAls(pairs, options)->items, 5);
  const Eigen::MatrixXd solved = NaiveSolve(pairs, before, options);
  EXPECT_LT((users - solved).norm() / solved.norm(), 1e-4);
}

TEST(Als, TheLossIsTheSumOverAllPairs) {
  const SparseRows pairs = TwoTastes(12, 9);
  AlsOptions options;
  options.factors = 3;
  const auto model = TrainAls(pairs, options);
  ASSERT_TRUE(model.ok());
  const Eigen::MatrixXd x = Matrix(model->users, 3);
  const Eigen::MatrixXd y = Matrix(model->items, 3);
  Eigen::MatrixXd weight = Eigen::MatrixXd::Zero(12, 9);
  for (size_t u = 0; u < 12; ++u) {
    for (size_t n = 0; n < pairs.ColumnsOf(u).size(); ++n) {
      weight(u, pairs.ColumnsOf(u)[n]) = pairs.ValuesOf(u)[n];
    }
  }
  double loss = options.regularization * (x.squaredNorm() + y.squaredNorm());
  for (size_t u = 0; u < 12; ++u) {
    for (size_t i = 0; i < 9; ++i) {
      const double error = (weight(u, i) > 0) - x.row(u).dot(y.row(i));
      loss += (1 + options.alpha * weight(u, i)) * error * error;
    }
  }
  EXPECT_NEAR(AlsLoss(pairs, *model, options), loss, 1e-4 * loss);
}

TEST(Als, TheLossNeverRises) {
  AlsOptions options;
  options.factors = 8;
  options.iterations = 20;
  options.compute_loss = true;
  const auto model = TrainAls(TwoTastes(200, 80), options);
  ASSERT_TRUE(model.ok());
  ASSERT_EQ(model->losses.size(), 20);
  for (size_t i = 1; i < 20; ++i) {
    EXPECT_LE(model->losses[i], model->losses[i - 1] * (1 + 1e-6)) << i;
  }
  EXPECT_LT(model->losses.back(), 0.9 * model->losses.front());
}

TEST(Als, TheResultDependsOnTheSeedAndNotOnTheThreads) {
  const SparseRows pairs = TwoTastes(300, 50);
  AlsOptions options;
  options.factors = 4;
  options.iterations = 3;
  options.threads = 1;
  const auto one = TrainAls(pairs, options);
  options.threads = 7;
  const auto seven = TrainAls(pairs, options);
  EXPECT_EQ(one->users, seven->users);
  EXPECT_EQ(one->items, seven->items);
  options.seed = 2;
  EXPECT_NE(TrainAls(pairs, options)->items, one->items);
}

TEST(Als, RecommendsTheTasteOfTheGroup) {
  const SparseRows pairs = TwoTastes(200, 40);
  AlsOptions options;
  options.factors = 2;
  options.alpha = 1;
  const auto model = TrainAls(pairs, options);
  ASSERT_TRUE(model.ok());
  const Eigen::MatrixXd scores =
      Matrix(model->users, 2) * Matrix(model->items, 2).transpose();
  for (size_t u = 0; u < 200; ++u) {
    double same = 0, other = 0;
    for (size_t i = 0; i < 40; ++i)
      (u % 2 == i % 2 ? same : other) += scores(u, i);
    EXPECT_GT(same, other) << u;
  }
}

TEST(Als, RefusesOptionsThatHaveNoSolution) {
  const SparseRows pairs = TwoTastes(4, 4);
  AlsOptions options;
  options.regularization = 0;
  EXPECT_THAT(TrainAls(pairs, options).status().message(),
              HasSubstr("regularization must be above 0"));
  options = {};
  options.factors = 0;
  EXPECT_THAT(TrainAls(pairs, options).status().message(),
              HasSubstr("factors is 0; 1 to 1024"));
}

}  // namespace
}  // namespace marquee
