// What the numbers of categories stand for. A trainer that is given a table of
// pandas numbers the values of a column of categories: splits have the numbers,
// and the file a list of the values. Tables of features have the values, so the
// splits of a forest have them too. What is truncated to a category of the
// table, such as 20.5, is that category here; pandas takes it for missing. So
// with an ordered column of 0, 1, 2 and so on, which LightGBM reads as numbers:
// one that is not among them is compared here.
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
  size_t count = 0;  // of the list in the file
  // Whether each is a whole number below kEndOfCategories, so a category of a
  // split; a name, say, is not.
  bool are_categories = true;
  std::vector<uint32_t> values;  // [numbers] where they are
};

// Reads an array. Errors: those of the reader.
absl::StatusOr<CategoryValues> ReadCategoryValues(PullReader* reader);

// Whether they are 0, 1, 2 and so on: then there is nothing to replace.
bool AreTheNumbers(const CategoryValues& list);

// Those of categorical splits, ascending.
std::vector<uint32_t> FeaturesWithCategories(std::span<const Tree> trees);

// Puts values in the place of numbers, by feature. A feature whose values are
// no categories, or that has splits or terms which are not categorical, keeps
// its numbers and becomes one of parts->numbered_categories, unless its values
// are the numbers or no tree reads it. Errors: DataLoss for a number without a
// value, values that are not distinct, and splits that share their categories
// in the file.
absl::Status UseCategoryValues(
    const std::map<uint32_t, CategoryValues>& by_feature, ForestParts* parts);

}  // namespace marquee

#endif  // MARQUEE_CORE_MODEL_IMPORT_CATEGORY_VALUES_H_
