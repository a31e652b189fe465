#include "offline/train/als_row.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

namespace marquee {
namespace {

constexpr size_t kGathered = 256;  // vectors of a rank update

}  // namespace

AlsRowSolver::AlsRowSolver(const Eigen::MatrixXd& gram,
                           const std::vector<float>& other, double alpha)
    : gram_(gram), other_(other), alpha_(alpha) {}

bool AlsRowSolver::Solve(std::span<const uint32_t> columns,
                         std::span<const float> weights,
                         std::span<float> out) const {
  // Single precision is twice as fast and nearly always enough.
  if (SolveIn<float>(columns, weights, out) ||
      SolveIn<double>(columns, weights, out)) {
    return true;
  }
  std::fill(out.begin(), out.end(), 0.0f);
  return false;
}

template <typename Scalar>
bool AlsRowSolver::SolveIn(std::span<const uint32_t> columns,
                           std::span<const float> weights,
                           std::span<float> out) const {
  using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
  using Vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;
  const Eigen::Index k = gram_.rows();
  Matrix left = gram_.cast<Scalar>();
  Vector right = Vector::Zero(k);
  Matrix gathered(
      k, static_cast<Eigen::Index>(std::min(columns.size(), kGathered)));
  // Vectors are gathered so that `left` is read once for many of them. A rank
  // update adds v vᵀ, so a weight goes into v as its root.
  for (size_t begin = 0; begin < columns.size(); begin += kGathered) {
    const size_t count = std::min(columns.size() - begin, kGathered);
    for (size_t n = 0; n < count; ++n) {
      const Scalar extra = static_cast<Scalar>(alpha_) * weights[begin + n];
      const Eigen::Map<const Eigen::VectorXf> vector(
          other_.data() + columns[begin + n] * static_cast<size_t>(k), k);
      right += (1 + extra) * vector.cast<Scalar>();
      gathered.col(static_cast<Eigen::Index>(n)) =
          std::sqrt(extra) * vector.cast<Scalar>();
    }
    left.template selfadjointView<Eigen::Lower>().rankUpdate(
        gathered.leftCols(static_cast<Eigen::Index>(count)));
  }
  const Eigen::LLT<Eigen::Ref<Matrix>, Eigen::Lower> factor(left);
  if (factor.info() != Eigen::Success) return false;
  factor.solveInPlace(right);
  if (!right.allFinite()) return false;
  Eigen::Map<Eigen::VectorXf>(out.data(), k) = right.template cast<float>();
  return true;
}

}  // namespace marquee
