// Reads XGBoost's model files, Booster.save_model("model.json") and
// "model.ubj", versions 1.0 to 3.x: gbtree and dart boosters, with leaves of
// one value or of several (multi_strategy=multi_output_tree).
#ifndef MARQUEE_CORE_RANKING_XGBOOST_MODEL_H_
#define MARQUEE_CORE_RANKING_XGBOOST_MODEL_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/ranking/forest.h"

namespace marquee {

// `name` is for errors, which begin with the place as the reader of the format
// gives it, or "NAME: " when fields far apart contradict each other. Errors:
// DataLoss for a file that is cut off or contradicts itself; Unimplemented,
// with what it is, for gblinear and an unknown objective.
absl::StatusOr<std::unique_ptr<const Forest>> ImportXgboostJson(
    absl::string_view bytes, absl::string_view name);
absl::StatusOr<std::unique_ptr<const Forest>> ImportXgboostUbjson(
    absl::string_view bytes, absl::string_view name);

}  // namespace marquee

#endif  // MARQUEE_CORE_RANKING_XGBOOST_MODEL_H_
