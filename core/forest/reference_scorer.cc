#include "core/forest/reference_scorer.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "core/base/check.h"

namespace marquee {
namespace {

// Returns the value that splits compare: rounded to float32 for XGBoost, with
// tiny values flushed to zero for LightGBM.
double NormalizeInput(Arithmetic arithmetic, double value) noexcept {
  if (arithmetic == Arithmetic::kXgboost) return static_cast<float>(value);
  return std::fabs(value) <= kZeroThreshold ? 0.0 : value;
}

bool CategoryGoesLeft(std::span<const uint32_t> categories, const Split& split,
                      CategoryRule rule, double value) noexcept {
  const bool is_lightgbm = rule == CategoryRule::kLightGbm;
  if (std::isnan(value)) return !is_lightgbm && split.default_left;
  if (rule == CategoryRule::kXgboost16 &&
      (value < 0 || value >= EndOfKnownCategories(categories))) {
    return split.default_left;
  }
  const bool from_minus_one = is_lightgbm || rule == CategoryRule::kXgboost15;
  const double end = is_lightgbm ? static_cast<double>(Forest::kMaxCount) + 1
                                 : kEndOfCategories;
  const bool is_category =
      (from_minus_one ? value > -1 : value >= 0) && value < end;
  const bool is_member =
      is_category &&
      std::binary_search(categories.begin(), categories.end(),
                         static_cast<uint32_t>(std::trunc(value) + 0.0));
  return is_member == is_lightgbm;
}

// Whether a normalized value goes to the left child of the split.
bool GoesLeft(const Forest& forest, const Tree& tree, const Split& split,
              double value) noexcept {
  if (split.is_categorical) {
    return CategoryGoesLeft(tree.categories_of(split), split,
                            forest.category_rule(), value);
  }
  if (std::isnan(value) && split.missing != MissingRule::kNaN) value = 0.0;
  if (split.missing == MissingRule::kZero &&
      std::fabs(value) <= kZeroThreshold) {
    return split.default_left;
  }
  if (std::isnan(value)) return split.default_left;
  // With kXgboost both sides are exact float32 values, so comparing them as
  // double equals comparing them as float32.
  return forest.arithmetic() == Arithmetic::kLightGbm ? value <= split.threshold
                                                      : value < split.threshold;
}

// value_of(feature) returns the input before normalization.
template <typename ValueOf>
size_t FindLeaf(const Forest& forest, const Tree& tree,
                const ValueOf& value_of) noexcept {
  if (tree.splits.empty()) return 0;
  int32_t node = 0;
  while (node >= 0) {
    const Split& split = tree.splits[static_cast<size_t>(node)];
    const double value =
        NormalizeInput(forest.arithmetic(), value_of(split.feature));
    node = GoesLeft(forest, tree, split, value) ? split.left : split.right;
  }
  return static_cast<size_t>(~node);
}

// Returns what the leaf adds to one output: the tree's first output, or the one
// `output` places after it.
template <typename ValueOf>
double LeafValue(const Tree& tree, size_t leaf, size_t output,
                 Arithmetic arithmetic, const ValueOf& value_of) noexcept {
  const double plain = tree.leaf_values[leaf * tree.leaf_size + output];
  if (!tree.is_linear()) return plain;
  double sum = tree.leaf_constants[leaf];
  for (const LinearTerm& term : tree.terms_of(leaf)) {
    const double value = NormalizeInput(arithmetic, value_of(term.feature));
    if (std::isnan(value)) return plain;
    sum += term.coefficient * value;
  }
  return sum;
}

double Add(Arithmetic arithmetic, double sum, double leaf) noexcept {
  if (arithmetic == Arithmetic::kLightGbm) return sum + leaf;
  return static_cast<float>(sum) + static_cast<float>(leaf);
}

}  // namespace

void ReferenceScorer::Score(const FeatureMatrix& rows, std::span<std::byte>,
                            std::span<double> scores) const noexcept {
  MARQUEE_CHECK(rows.features() >= num_features());
  MARQUEE_CHECK(rows.rows() == scores.size());
  const Arithmetic arithmetic = forest_->arithmetic();
  for (size_t row = 0; row < scores.size(); ++row) {
    const auto value_of = [&](size_t feature) { return rows.At(row, feature); };
    double sum = forest_->base_margin(0);
    for (const Tree& tree : forest_->trees()) {
      if (tree.output != 0) continue;
      const size_t leaf = FindLeaf(*forest_, tree, value_of);
      sum =
          Add(arithmetic, sum, LeafValue(tree, leaf, 0, arithmetic, value_of));
    }
    scores[row] = sum;
  }
}

void ReferenceScorer::ScoreRow(std::span<const double> row,
                               std::span<double> outputs) const noexcept {
  MARQUEE_CHECK(row.size() >= num_features());
  MARQUEE_CHECK(outputs.size() == forest_->num_outputs());
  const Arithmetic arithmetic = forest_->arithmetic();
  const auto value_of = [&](size_t feature) { return row[feature]; };
  for (size_t k = 0; k < outputs.size(); ++k) {
    outputs[k] = forest_->base_margin(k);
  }
  for (const Tree& tree : forest_->trees()) {
    const size_t leaf = FindLeaf(*forest_, tree, value_of);
    for (size_t k = 0; k < tree.leaf_size; ++k) {
      double& sum = outputs[tree.output + k];
      sum =
          Add(arithmetic, sum, LeafValue(tree, leaf, k, arithmetic, value_of));
    }
  }
}

}  // namespace marquee
