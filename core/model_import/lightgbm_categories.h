// Finds which values the category numbers of a LightGBM text model stand for,
// as far as the file says.
//
// A model trained on a pandas table ends with a line `pandas_categorical:`, a
// list of values for each categorical column, in the order of the columns. The
// file does not say which features these columns are. Mostly they are the
// categorical features. But a feature may be categorical without a list, and a
// column with a list may have been used as numbers. The parameters in the file
// do not help: they record what was requested, not what was done.
//
// The algorithm compares each list with `feature_infos`, the values that
// training saw. It gives the lists to the categorical features, in their order,
// if all of these hold:
// - There are as many lists as categorical features.
// - Each of these features saw only numbers of its list, or -1 for a value
//   outside it.
// - No other feature can have a list: each saw a number that is on no list.
//
// Otherwise the assignment is unknown, and no feature that can have a list gets
// values.
#ifndef MARQUEE_CORE_MODEL_IMPORT_LIGHTGBM_CATEGORIES_H_
#define MARQUEE_CORE_MODEL_IMPORT_LIGHTGBM_CATEGORIES_H_

#include <cstdint>
#include <map>
#include <span>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/forest/tree.h"
#include "core/model_import/category_values.h"
#include "core/model_import/text_section.h"

namespace marquee {

// Reads the lines after the trees to the end of the file. `feature_infos` holds
// the words of the header line: "[0:7]" for a numerical feature, "-1:0:3" for a
// categorical one, "none" for a feature that had one value in all rows. Returns
// the lists by feature; nothing if every list is 0, 1, 2 and so on. If the
// assignment is unknown, returns are_categories = false for each feature of a
// split that can have a list. Errors: those of JsonReader for a malformed list.
absl::StatusOr<std::map<uint32_t, CategoryValues>> ReadLightGbmCategories(
    absl::string_view feature_infos, std::span<const Tree> trees,
    ModelLines* lines);

}  // namespace marquee

#endif  // MARQUEE_CORE_MODEL_IMPORT_LIGHTGBM_CATEGORIES_H_
