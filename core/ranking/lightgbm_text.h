// Reads LightGBM's text model files (Booster.save_model), versions 2.0 to 4.x:
// gbdt, dart and rf boosting, numerical and categorical splits, linear trees.
// A missing category goes right, as since 3.3.
#ifndef MARQUEE_CORE_RANKING_LIGHTGBM_TEXT_H_
#define MARQUEE_CORE_RANKING_LIGHTGBM_TEXT_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/ranking/forest.h"

namespace marquee {

// Whether the bytes begin as such a file does.
bool IsLightGbmText(absl::string_view bytes);

// `name` is for errors, which begin "NAME:LINE: ", or "NAME: tree T, ..." for
// trees that are none. Errors: DataLoss for a file that is cut off or
// contradicts itself; Unimplemented, with what it is, for an unknown objective
// or version, and a random forest of version 2 whose predictions depend on the
// library's version.
absl::StatusOr<std::unique_ptr<const Forest>> ImportLightGbmText(
    absl::string_view bytes, absl::string_view name);

}  // namespace marquee

#endif  // MARQUEE_CORE_RANKING_LIGHTGBM_TEXT_H_
