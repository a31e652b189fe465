// Reads LightGBM's text model files (Booster.save_model), versions 2.0.5 to
// 4.x: gbdt, dart and rf boosting, numerical and categorical splits, linear
// trees.
//
// Where versions read the same bytes otherwise, this reads as the newest,
// unless the file tells its age:
// - A missing category goes right in every version. Before 3.3 that was so only
//   by the way x86 converts NaN to a whole number.
// - Zero is |x| <= 1e-35, and the digits of a sigmoid's scale are read part by
//   part. Before 2.0.12, whose files have no version, the library's interface
//   made all of |x| <= 1e-15 zero, and before 2.0.11 it read digit by digit.
// - xentlambda predicts log(1 + exp(x)) for a file older than 3.2, which is
//   told by trees without is_linear, and log1p(exp(x)) for others, as since
//   3.3.
//
// Of a model that was trained on a table of pandas, splits have the categories
// themselves where these are whole numbers, not the numbers that pandas gave
// them (category_values.h).
#ifndef MARQUEE_CORE_MODEL_IMPORT_LIGHTGBM_TEXT_H_
#define MARQUEE_CORE_MODEL_IMPORT_LIGHTGBM_TEXT_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/forest/forest.h"

namespace marquee {

// Whether the bytes begin as such a file does.
bool IsLightGbmText(absl::string_view bytes);

// `name` is for errors, which begin "NAME:LINE: ", or "NAME: tree T, ..." for
// trees that are none. Errors: DataLoss for a file that is cut off or
// contradicts itself; Unimplemented, with what it is, for an unknown objective
// or version, a file of 2.0.4 or older, and a random forest of version 2 whose
// predictions depend on the library's version.
absl::StatusOr<std::unique_ptr<const Forest>> ImportLightGbmText(
    absl::string_view bytes, absl::string_view name);

}  // namespace marquee

#endif  // MARQUEE_CORE_MODEL_IMPORT_LIGHTGBM_TEXT_H_
