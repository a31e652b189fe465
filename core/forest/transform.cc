#include "core/forest/transform.h"

#include <algorithm>
#include <cmath>

#include "core/base/check.h"

namespace marquee {
namespace {

void SoftmaxDouble(std::span<double> outputs) {
  const double largest = *std::max_element(outputs.begin(), outputs.end());
  double sum = 0;
  for (double& value : outputs) {
    value = std::exp(value - largest);
    sum += value;
  }
  for (double& value : outputs) value /= sum;
}

void SoftmaxFloat(std::span<double> outputs) {
  const float largest =
      static_cast<float>(*std::max_element(outputs.begin(), outputs.end()));
  // As in XGBoost: the sum is a double, all else float32.
  double sum = 0;
  for (double& value : outputs) {
    value = std::exp(static_cast<float>(value) - largest);
    sum += value;
  }
  for (double& value : outputs) {
    value = static_cast<float>(value) / static_cast<float>(sum);
  }
}

// XGBoost's several expectiles: each is above the previous one.
void AddSoftplusSteps(std::span<double> outputs) {
  float sum = static_cast<float>(outputs[0]);
  for (double& value : outputs.subspan(1)) {
    const auto x = static_cast<float>(value);
    const float step = std::max(x, 0.0f) + std::log1p(std::exp(-std::fabs(x)));
    sum += 1e-6f + step;
    value = sum;
  }
}

double TransformDouble(const Forest& forest, double x) {
  switch (forest.transform()) {
    case Transform::kSigmoid:
      return 1.0 / (1.0 + std::exp(-forest.sigmoid_scale() * x));
    case Transform::kExp:
      return std::exp(x);
    case Transform::kLog1pExp:
      return std::log1p(std::exp(x));
    case Transform::kLogOnePlusExp:
      return std::log(1.0 + std::exp(x));
    case Transform::kSignedSquare:
      return (x > 0 ? 1 : x < 0 ? -1 : 0) * x * x;
    case Transform::kStep:
      return x > 0 ? 1 : 0;
    default:
      return x;
  }
}

double TransformFloat(const Forest& forest, float x) {
  switch (forest.transform()) {
    case Transform::kSigmoid: {
      // The limit keeps expf finite; the last term is XGBoost's guard against
      // division by zero. Both are part of XGBoost's result.
      const float denominator =
          std::exp(std::min(-x, 88.7f)) + 1.0f + static_cast<float>(1e-16);
      return 1.0f / denominator;
    }
    case Transform::kExp:
      return std::exp(x);
    case Transform::kStep:
      return x > 0 ? 1 : 0;
    default:
      return x;
  }
}

}  // namespace

size_t NumPredictions(const Forest& forest) {
  return forest.transform() == Transform::kArgMax ? 1 : forest.num_outputs();
}

void ApplyTransform(const Forest& forest, std::span<double> outputs) noexcept {
  MARQUEE_CHECK(outputs.size() == forest.num_outputs());
  const bool is_float = forest.arithmetic() == Arithmetic::kXgboost;
  if (forest.average_output()) {
    for (double& value : outputs) {
      value /= static_cast<double>(forest.num_iterations());
    }
  }
  if (forest.transform() == Transform::kSoftmax) {
    return is_float ? SoftmaxFloat(outputs) : SoftmaxDouble(outputs);
  }
  if (forest.transform() == Transform::kSort) {
    std::sort(outputs.begin(), outputs.end());
    return;
  }
  if (forest.transform() == Transform::kSoftplusSteps) {
    return AddSoftplusSteps(outputs);
  }
  if (forest.transform() == Transform::kArgMax) {
    outputs[0] = static_cast<double>(
        std::max_element(outputs.begin(), outputs.end()) - outputs.begin());
    return;
  }
  for (double& value : outputs) {
    value = is_float ? TransformFloat(forest, static_cast<float>(value))
                     : TransformDouble(forest, value);
  }
}

}  // namespace marquee
