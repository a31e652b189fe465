// Reads XGBoost's model files, Booster.save_model("model.json") and
// "model.ubj", versions 1.5 to 3.x: gbtree and dart boosters, with leaves of
// one value or of several (multi_strategy=multi_output_tree).
//
// Where versions read the same bytes otherwise, this reads as the version that
// the file names does: the range of base_score, the sign of a zero that dart
// adds, the order of several quantiles, the way of a category beyond those that
// a split was trained with. A file older than 1.5 is read as if 1.5 had written
// it; its own library adds in another order.
//
// Of a model that was trained on a table of pandas, splits have the categories
// themselves where these are whole numbers, as with LightGBM, and the file has
// them: since 3.1, but in some versions not of slices of a model.
#ifndef MARQUEE_CORE_MODEL_IMPORT_XGBOOST_MODEL_H_
#define MARQUEE_CORE_MODEL_IMPORT_XGBOOST_MODEL_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/forest/forest.h"

namespace marquee {

// `name` is for errors, which begin with the place as the reader of the format
// gives it, or "NAME: " when fields far apart contradict each other. Errors:
// DataLoss for a file that is cut off or contradicts itself; Unimplemented,
// with what it is, for gblinear, an unknown objective and one whose outputs can
// not be told.
absl::StatusOr<std::unique_ptr<const Forest>> ImportXgboostJson(
    absl::string_view bytes, absl::string_view name);
absl::StatusOr<std::unique_ptr<const Forest>> ImportXgboostUbjson(
    absl::string_view bytes, absl::string_view name);

}  // namespace marquee

#endif  // MARQUEE_CORE_MODEL_IMPORT_XGBOOST_MODEL_H_
