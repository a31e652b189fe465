// The meaning of a model file's objective for scoring: the transform of
// predictions and, for XGBoost, of base_score.
#ifndef MARQUEE_CORE_FOREST_OBJECTIVE_H_
#define MARQUEE_CORE_FOREST_OBJECTIVE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/forest/forest.h"

namespace marquee {

struct LightGbmObjective {
  Transform transform = Transform::kIdentity;
  double sigmoid_scale = 1;
};

// Parses the value of the line `objective=`, such as "binary sigmoid:1".
// Errors: Unimplemented for an unknown objective or option, DataLoss for one
// that contradicts the number of outputs.
absl::StatusOr<LightGbmObjective> ParseLightGbmObjective(
    absl::string_view value, size_t num_outputs);

// How base_score, which is in the space of predictions, becomes a margin.
enum class BaseScoreLink {
  kIdentity,
  kLogit,
  kLog,
  kSoftplusSteps,  // from the second on: of the difference to the one before
};

struct XgboostObjective {
  Transform transform = Transform::kIdentity;
  BaseScoreLink link = BaseScoreLink::kIdentity;
};

// `version` is the XGBoost version that wrote the file, such as {3, 4, 0}:
// since 3.4, several quantiles are sorted. Errors: Unimplemented for an unknown
// name, and for several quantiles without a version.
absl::StatusOr<XgboostObjective> FindXgboostObjective(
    absl::string_view name, size_t num_outputs,
    std::span<const int64_t> version);

// Returns the float32 margins of the base scores of all outputs. `clamps`:
// whether scores at or beyond 0 and 1 are pulled inside before the logit
// (XGBoost 3.2 and later) instead of being errors. Errors: DataLoss if a score
// has no margin.
absl::StatusOr<std::vector<float>> BaseMargins(
    BaseScoreLink link, std::span<const float> base_scores, bool clamps);

}  // namespace marquee

#endif  // MARQUEE_CORE_FOREST_OBJECTIVE_H_
