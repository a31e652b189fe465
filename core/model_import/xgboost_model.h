// Reads XGBoost's model files, Booster.save_model("model.json") and
// "model.ubj", versions 1.5 to 3.x: gbtree and dart boosters, with leaves of
// one value or of several (multi_strategy=multi_output_tree).
//
// Some bytes mean different things to different versions. This importer reads
// them as the version named in the file does: the range of base_score, the sign
// of a zero that dart adds, the order of several quantiles, the direction of a
// category beyond those that a split was trained with. A file older than 1.5 is
// read as if 1.5 had written it; its own library adds in another order.
//
// If a model was trained on a pandas table, its splits get the category values,
// as with LightGBM, where the values are whole numbers and the file has them.
// Files have them since 3.1, but in some versions not in slices of a model.
#ifndef MARQUEE_CORE_MODEL_IMPORT_XGBOOST_MODEL_H_
#define MARQUEE_CORE_MODEL_IMPORT_XGBOOST_MODEL_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/forest/forest.h"

namespace marquee {

// `name` is for errors, which begin with the place that the reader of the
// format gives, or with "NAME: " if fields far apart contradict each other.
// Errors: DataLoss for a file that is cut off or contradicts itself;
// Unimplemented, with the name of what is not supported, for gblinear, for an
// unknown objective and for one whose number of outputs is unknown.
absl::StatusOr<std::unique_ptr<const Forest>> ImportXgboostJson(
    absl::string_view bytes, absl::string_view name);
absl::StatusOr<std::unique_ptr<const Forest>> ImportXgboostUbjson(
    absl::string_view bytes, absl::string_view name);

}  // namespace marquee

#endif  // MARQUEE_CORE_MODEL_IMPORT_XGBOOST_MODEL_H_
