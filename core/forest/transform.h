// Turns raw scores into predictions: what the training library returns unless
// raw scores are requested. Ranking does not need it: with one output, every
// transform except the step keeps the order.
#ifndef MARQUEE_CORE_FOREST_TRANSFORM_H_
#define MARQUEE_CORE_FOREST_TRANSFORM_H_

#include <cstddef>
#include <span>

#include "core/forest/forest.h"

namespace marquee {

// The number of values of a prediction: 1 for a class index, else the number of
// the forest's outputs.
size_t NumPredictions(const Forest& forest);

// Turns the raw scores of one row into its prediction, in place. Only the first
// NumPredictions(forest) values are meaningful afterwards. Computes LightGBM's
// predictions in double, XGBoost's in float32, widened. exp and log are those
// of the C library; the last bit may differ from a trainer built with another
// one. Requires: outputs.size() == forest.num_outputs().
void ApplyTransform(const Forest& forest, std::span<double> outputs) noexcept;

}  // namespace marquee

#endif  // MARQUEE_CORE_FOREST_TRANSFORM_H_
