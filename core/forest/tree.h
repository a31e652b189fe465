// The parts of a forest: its trees, and the rules that send a value through
// them.
#ifndef MARQUEE_CORE_FOREST_TREE_H_
#define MARQUEE_CORE_FOREST_TREE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace marquee {

// How values are compared and leaves are added. The arithmetic is part of the
// model: the same trees give other scores in another one.
enum class Arithmetic : uint8_t {
  // A value goes left if x <= threshold, in double. The sum is a double and
  // starts from 0. Values with |x| <= kZeroThreshold count as 0.
  kLightGbm,
  // A value is first rounded to float32 and goes left if x < threshold. The sum
  // is a float32 and starts from the base margin.
  kXgboost,
};

// LightGBM's limit for zero: the float32 nearest to 1e-35, widened.
inline constexpr double kZeroThreshold = 1e-35f;

// XGBoost's limit for categories: all are below it.
inline constexpr double kEndOfCategories = 16777216;

// Which way a categorical split sends a value. A value of 0 or more is
// truncated to its category.
enum class CategoryRule : uint8_t {
  // A category of the split goes left. Everything else, including NaN, goes
  // right. A value between -1 and 0 is category 0.
  kLightGbm,
  // A category of the split goes right, NaN goes to the default child.
  // Everything else goes left, including negative values and those from
  // kEndOfCategories on.
  kXgboost,
  // As in 1.6 to 1.7.2. Differs from kXgboost: negative values and those from
  // EndOfKnownCategories on go to the default child.
  kXgboost16,
  // As in 1.5. Differs from kXgboost: a value between -1 and 0 is category 0.
  kXgboost15,
};

// Which values go to the default child of a split without a comparison. XGBoost
// always has kNaN.
enum class MissingRule : uint8_t {
  kNone,  // none; NaN is compared as 0
  kZero,  // |x| <= kZeroThreshold, and NaN
  kNaN,   // NaN
};

// An inner node. A child >= 0 is an index into Tree::splits; a child < 0 is
// leaf ~child.
struct Split {
  double threshold = 0;  // exactly a float32 with Arithmetic::kXgboost
  uint32_t feature = 0;
  int32_t left = 0;
  int32_t right = 0;
  MissingRule missing = MissingRule::kNone;
  bool default_left = false;
  // A categorical split has no threshold. Its categories are this range of
  // Tree::categories. See CategoryRule.
  bool is_categorical = false;
  uint32_t first_category = 0;
  uint32_t category_count = 0;
};

// coefficient · value of the feature.
struct LinearTerm {
  double coefficient = 0;
  uint32_t feature = 0;
};

struct Tree {
  size_t leaves() const { return splits.size() + 1; }
  bool is_linear() const { return !leaf_constants.empty(); }
  std::span<const uint32_t> categories_of(const Split& split) const {
    return std::span(categories)
        .subspan(split.first_category, split.category_count);
  }
  // Requires: is_linear().
  std::span<const LinearTerm> terms_of(size_t leaf) const {
    return std::span(terms).subspan(first_term[leaf],
                                    first_term[leaf + 1] - first_term[leaf]);
  }

  std::vector<Split> splits;  // the root first; empty: always leaf 0
  // [leaves × leaf_size], finite. Leaf l adds its value k to output `output` +
  // k.
  std::vector<double> leaf_values;
  uint32_t leaf_size = 1;
  uint32_t output = 0;
  std::vector<uint32_t> categories;  // ascending within a split
  // Only for a linear tree, which needs Arithmetic::kLightGbm. Leaf l adds
  // leaf_constants[l] plus its terms in their order, or leaf_values[l] if a
  // feature of one of its terms is NaN.
  std::vector<double> leaf_constants;  // [leaves], finite
  std::vector<LinearTerm> terms;
  std::vector<uint32_t> first_term;  // [leaves + 1], ascending from 0
};

// For CategoryRule::kXgboost16. That library kept the categories of a split as
// bits in 32-bit words; this returns where the last word ends. `categories`: as
// Tree::categories_of.
uint32_t EndOfKnownCategories(std::span<const uint32_t> categories);

}  // namespace marquee

#endif  // MARQUEE_CORE_FOREST_TREE_H_
