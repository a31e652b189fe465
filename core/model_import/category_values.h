// The values that category numbers stand for. LightGBM and XGBoost, given a
// pandas table, number the values of each categorical column. The splits in the
// model file hold the numbers, and the file lists the values. Feature tables
// hold the values, so the importers put the values into the splits of the
// forest (UseCategoryValues).
//
// Two cases differ from pandas. A value that truncates to a category of the
// table, such as 20.5 for 20, counts as that category here; pandas treats it as
// missing. LightGBM reads an ordered column of 0, 1, 2 and so on as numbers; a
// value that is not among them is compared as a number here, and is missing for
// pandas.
#ifndef MARQUEE_CORE_MODEL_IMPORT_CATEGORY_VALUES_H_
#define MARQUEE_CORE_MODEL_IMPORT_CATEGORY_VALUES_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/forest/forest.h"
#include "core/model_import/pull_reader.h"

namespace marquee {

struct CategoryValues {
  size_t count = 0;  // length of the list in the file
  // Whether every value is a whole number from 0 to below kEndOfCategories, so
  // that it can be a category of a split. A name, for example, can not.
  bool are_categories = true;
  std::vector<uint32_t> values;  // [count], by number, if are_categories
};

// Reads one array. Errors: those of the reader.
absl::StatusOr<CategoryValues> ReadCategoryValues(PullReader* reader);

// Whether the values are 0, 1, 2 and so on. Such a list replaces nothing.
bool AreTheNumbers(const CategoryValues& list);

// Returns the features of categorical splits, ascending, each once.
std::vector<uint32_t> FeaturesWithCategories(std::span<const Tree> trees);

// Replaces category numbers by their values in all splits of the features in
// `by_feature`. Leaves a feature alone if no tree reads it or if its values
// equal the numbers. A feature keeps its numbers and is added to
// parts->numbered_categories if its values can not be categories, or if it also
// has numerical splits or linear terms. Errors: DataLoss for a number without a
// value, for values that are not distinct, and for splits of one tree that
// share a set of categories in the file.
absl::Status UseCategoryValues(
    const std::map<uint32_t, CategoryValues>& by_feature, ForestParts* parts);

}  // namespace marquee

#endif  // MARQUEE_CORE_MODEL_IMPORT_CATEGORY_VALUES_H_
