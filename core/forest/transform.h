// From raw scores to predictions: what the training library returns when no
// raw score is asked for. Ranking does not need it: with one output, every
// transform but the step keeps the order.
#ifndef MARQUEE_CORE_FOREST_TRANSFORM_H_
#define MARQUEE_CORE_FOREST_TRANSFORM_H_

#include <cstddef>
#include <span>

#include "core/forest/forest.h"

namespace marquee {

// Values of a prediction: 1 for a class index, else the forest's outputs.
size_t NumPredictions(const Forest& forest);

// Turns the raw scores of one row into its prediction, in place; only the
// first NumPredictions(forest) values mean something afterwards. LightGBM's in
// double; XGBoost's in float32, widened. exp and log are the C library's, so
// that the last bit may differ from a trainer that was built with another.
// Requires: outputs.size() == forest.num_outputs().
void ApplyTransform(const Forest& forest, std::span<double> outputs) noexcept;

}  // namespace marquee

#endif  // MARQUEE_CORE_FOREST_TRANSFORM_H_
