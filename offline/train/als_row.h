// The normal equations of one row of ALS (the formula is in als.h).
#ifndef MARQUEE_OFFLINE_TRAIN_ALS_ROW_H_
#define MARQUEE_OFFLINE_TRAIN_ALS_ROW_H_

#include <Eigen/Core>
#include <cstdint>
#include <span>
#include <vector>

namespace marquee {

// Thread-safe. Holds only its constructor's arguments.
class AlsRowSolver {
 public:
  // `gram`: Y'Y + regularization I; `other`: the vectors Y [rows x factors].
  // Both must outlive the solver.
  AlsRowSolver(const Eigen::MatrixXd& gram, const std::vector<float>& other,
               double alpha);

  // Writes the row's vector to `out` [factors]. Returns false, and writes
  // zeros, if the equations are not positive definite in double precision.
  bool Solve(std::span<const uint32_t> columns, std::span<const float> weights,
             std::span<float> out) const;

 private:
  template <typename Scalar>
  bool SolveIn(std::span<const uint32_t> columns,
               std::span<const float> weights, std::span<float> out) const;

  const Eigen::MatrixXd& gram_;
  const std::vector<float>& other_;
  const double alpha_;
};

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_TRAIN_ALS_ROW_H_
