// The parts of a forest: its trees, and the rules by which a value goes through
// them.
#ifndef MARQUEE_CORE_FOREST_TREE_H_
#define MARQUEE_CORE_FOREST_TREE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace marquee {

// How values are compared and leaves are added. Both are part of the model: the
// same trees in another arithmetic give other scores.
enum class Arithmetic : uint8_t {
  // Left when x <= threshold, in double; a sum in double from 0. Values with
  // |x| <= kZeroThreshold are 0.
  kLightGbm,
  // Left when x < threshold, in float32, x rounded to float32 first; a sum in
  // float32 from the base margin.
  kXgboost,
};

// LightGBM's limit of "zero": the float32 nearest to 1e-35, widened.
inline constexpr double kZeroThreshold = 1e-35f;

// XGBoost's limit of categories.
inline constexpr double kEndOfCategories = 16777216;

// Which way a categorical split sends a value. A value of 0 or more is the
// category that it is truncated to.
enum class CategoryRule : uint8_t {
  // A category of the split goes left; all else, NaN too, right. A value above
  // -1 is category 0.
  kLightGbm,
  // A category of the split goes right, NaN to the default child; all else, so
  // a negative value or one from kEndOfCategories on, left.
  kXgboost,
  // 1.6 to 1.7.2: but what is negative or from EndOfKnownCategories on goes to
  // the default child.
  kXgboost16,
  // 1.5: but a value above -1 is category 0.
  kXgboost15,
};

// Which values go to the default child of a split instead of being compared.
// XGBoost always has kNaN.
enum class MissingRule : uint8_t {
  kNone,  // none; NaN is compared as 0
  kZero,  // |x| <= kZeroThreshold, and NaN
  kNaN,   // NaN
};

// An inner node. A child >= 0 is an index into Tree::splits, a child < 0 is the
// leaf ~child.
struct Split {
  double threshold = 0;  // exactly a float32 with Arithmetic::kXgboost
  uint32_t feature = 0;
  int32_t left = 0;
  int32_t right = 0;
  MissingRule missing = MissingRule::kNone;
  bool default_left = false;
  // A categorical split has no threshold; its categories are these of
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
  // Of a linear tree.
  std::span<const LinearTerm> terms_of(size_t leaf) const {
    return std::span(terms).subspan(first_term[leaf],
                                    first_term[leaf + 1] - first_term[leaf]);
  }

  std::vector<Split> splits;  // the root first; empty: always leaf 0
  // [leaves × leaf_size], finite: leaf l adds value k to output `output` + k.
  std::vector<double> leaf_values;
  uint32_t leaf_size = 1;
  uint32_t output = 0;
  std::vector<uint32_t> categories;  // ascending within a split
  // Of a linear tree, which only kLightGbm has: leaf l is leaf_constants[l] +
  // its terms in their order; but leaf_values[l] when a feature of one of them
  // is NaN.
  std::vector<double> leaf_constants;  // [leaves], finite
  std::vector<LinearTerm> terms;
  std::vector<uint32_t> first_term;  // [leaves + 1], ascending from 0
};

// With kXgboost16: the library kept the categories of a split as bits in words
// of 32, and this is where the last word ends. `categories`: as
// Tree::categories_of.
uint32_t EndOfKnownCategories(std::span<const uint32_t> categories);

}  // namespace marquee

#endif  // MARQUEE_CORE_FOREST_TREE_H_
