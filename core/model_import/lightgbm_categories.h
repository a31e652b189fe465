// What the categories of a LightGBM text model stand for, as far as the file
// tells.
//
// Trained on a table of pandas, it ends with the values of each column of
// categories, in the order of the columns, but does not say which columns they
// are: mostly the categorical features, but a feature may be categorical
// without a list, and a column with one may have been used as numbers. Nor do
// the parameters, which are what was asked for and not what was done.
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

// Reads the lines behind the trees to the end. `feature_infos`: the header's
// words, "[0:7]" of a feature with numbers, "-1:0:3" of one with categories,
// "none" of one that was the same in all rows. Where lists fit the categorical
// features and no other feature may have had one, as it has seen a number that
// is on no list, they are theirs; else no feature that may have had one has
// values. Errors: those of JsonReader
// for lists that are none.
absl::StatusOr<std::map<uint32_t, CategoryValues>> ReadLightGbmCategories(
    absl::string_view feature_infos, std::span<const Tree> trees,
    ModelLines* lines);

}  // namespace marquee

#endif  // MARQUEE_CORE_MODEL_IMPORT_LIGHTGBM_CATEGORIES_H_
