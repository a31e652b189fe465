// Reads LightGBM's text model files (Booster.save_model), versions 2.0.5 to
// 4.x: gbdt, dart and rf boosting, numerical and categorical splits, linear
// trees.
//
// Some bytes mean different things to different versions. This importer reads
// them as the newest version does, unless the file shows its age:
// - A missing category goes right in every version. Before 3.3 it did so only
//   because of the way x86 converts NaN to a whole number.
// - Zero is |x| <= 1e-35, and the whole part and the fraction of a sigmoid's
//   scale are read separately. Files from before 2.0.12 have no version. There
//   the library's interface made all of |x| <= 1e-15 zero, and before 2.0.11 it
//   read the scale digit by digit.
// - xentlambda predicts log(1 + exp(x)) for a file older than 3.2, which is
//   recognised by trees without is_linear. For other files it predicts
//   log1p(exp(x)), as the library does since 3.3.
//
// If a model was trained on a pandas table, its splits get the category values
// instead of the numbers that pandas gave them, where the values are whole
// numbers (category_values.h).
#ifndef MARQUEE_CORE_MODEL_IMPORT_LIGHTGBM_TEXT_H_
#define MARQUEE_CORE_MODEL_IMPORT_LIGHTGBM_TEXT_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/forest/forest.h"

namespace marquee {

// Whether the bytes begin as a LightGBM text model does.
bool IsLightGbmText(absl::string_view bytes);

// `name` is for errors, which begin with "NAME:LINE: ", or with "NAME: tree T,
// ..." if the nodes do not form a tree. Errors: DataLoss for a file that is cut
// off or contradicts itself; Unimplemented, with the name of what is not
// supported, for an unknown objective or version, for a file of 2.0.4 or older,
// and for a random forest of version 2 whose predictions depend on the
// library's version.
absl::StatusOr<std::unique_ptr<const Forest>> ImportLightGbmText(
    absl::string_view bytes, absl::string_view name);

}  // namespace marquee

#endif  // MARQUEE_CORE_MODEL_IMPORT_LIGHTGBM_TEXT_H_
