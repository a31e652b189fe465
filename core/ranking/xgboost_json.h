// Reads XGBoost's JSON model files (Booster.save_model("model.json")), versions
// 1.0 to 3.x: gbtree and dart boosters with numerical splits.
#ifndef MARQUEE_CORE_RANKING_XGBOOST_JSON_H_
#define MARQUEE_CORE_RANKING_XGBOOST_JSON_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/ranking/forest.h"

namespace marquee {

// `name` is for errors, which begin "NAME:LINE:COLUMN: ", or "NAME: " when
// fields far apart contradict each other. Errors: DataLoss for
// a file that is cut off or contradicts itself; Unimplemented, with what it is,
// for gblinear, vector leaves and an unknown objective.
absl::StatusOr<std::unique_ptr<const Forest>> ImportXgboostJson(
    absl::string_view bytes, absl::string_view name);

}  // namespace marquee

#endif  // MARQUEE_CORE_RANKING_XGBOOST_JSON_H_
