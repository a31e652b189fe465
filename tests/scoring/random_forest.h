// Forests of every shape for tests, with rows on and beside their cuts.
#ifndef MARQUEE_TESTS_SCORING_RANDOM_FOREST_H_
#define MARQUEE_TESTS_SCORING_RANDOM_FOREST_H_

#include <bit>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <memory>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "core/features/feature_matrix.h"
#include "core/forest/forest.h"
#include "gtest/gtest.h"

namespace marquee {

inline constexpr size_t kRandomFeatures = 5;
inline constexpr float kInf = std::numeric_limits<float>::infinity();

// One NaN is as good as another: linear trees have them of infinite features.
inline std::vector<uint64_t> BitsOf(const std::vector<double>& scores) {
  std::vector<uint64_t> bits;
  for (const double score : scores) {
    bits.push_back(
        std::bit_cast<uint64_t>(std::isnan(score) ? std::nan("") : score));
  }
  return bits;
}

struct ForestShape {
  size_t trees = 20;
  size_t leaves = 64;  // of the largest; the others have any number below
  size_t cuts = 200;   // of a feature
  bool is_chain = false;
  bool has_categories = true;
  bool is_linear = false;  // every second tree
  CategoryRule xgboost_rule = CategoryRule::kXgboost;
};

// Makes forests of a shape and rows that try them. Externally synchronised.
class ForestMaker {
 public:
  ForestMaker(Arithmetic arithmetic, const ForestShape& shape, uint32_t seed)
      : arithmetic_(arithmetic), shape_(shape), random_(seed) {
    for (std::vector<double>& cuts : cuts_) {
      cuts = {0, -0.0, 1e-35f, 1e-40f, -1e-36f, 3e38f, -kInf, kInf};
      if (arithmetic == Arithmetic::kLightGbm) {
        cuts.insert(cuts.end(), {1e300, -1e300, 0.1, 1e-320});
      }
      for (size_t i = 0; i < shape.cuts; ++i) {
        double cut = std::normal_distribution<double>()(random_);
        if (arithmetic == Arithmetic::kXgboost) cut = static_cast<float>(cut);
        cuts.push_back(cut);
      }
    }
  }

  std::shared_ptr<const Forest> MakeForest() {
    ForestParts parts;
    parts.arithmetic = arithmetic_;
    parts.num_features = kRandomFeatures;
    if (arithmetic_ == Arithmetic::kXgboost) {
      parts.base_margins = {0.3f};
      parts.category_rule = shape_.xgboost_rule;
    }
    for (size_t t = 0; t < shape_.trees; ++t) {
      parts.trees.push_back(
          MakeTree(t == 0 ? shape_.leaves : 1 + random_() % shape_.leaves));
      parts.iteration_ends.push_back(t + 1);
    }
    auto forest = Forest::Create(std::move(parts));
    EXPECT_TRUE(forest.ok()) << forest.status();
    return *std::move(forest);
  }

  // On the cuts, beside them, and what is not a number of the middle.
  FeatureMatrix MakeRows(size_t count) {
    FeatureMatrix rows(count, kRandomFeatures);
    rows.SetRows(count);
    const float specials[] = {std::nanf(""), kInf,    -kInf,  0.0f,  -0.0f,
                              1e-35f,        -1e-35f, 1e-40f, 2e-35f};
    for (size_t row = 0; row < count; ++row) {
      for (size_t f = 0; f < kRandomFeatures; ++f) {
        const auto cut =
            static_cast<float>(cuts_[f][random_() % cuts_[f].size()]);
        const float choices[] = {cut, std::nextafter(cut, kInf),
                                 std::nextafter(cut, -kInf),
                                 specials[random_() % std::size(specials)],
                                 std::normal_distribution<float>()(random_)};
        rows.At(row, f) = choices[random_() % std::size(choices)];
        if (f == kRandomFeatures - 1 && random_() % 3 != 0) {
          const float parts[] = {0, 0, 0.5f, -0.5f};
          rows.At(row, f) =
              static_cast<float>(Category()) + parts[random_() % 4];
        }
      }
    }
    return rows;
  }

 private:
  Split MakeSplit(Tree& tree) {
    Split split;
    split.feature = static_cast<uint32_t>(random_() % kRandomFeatures);
    split.threshold =
        cuts_[split.feature][random_() % cuts_[split.feature].size()];
    split.default_left = random_() % 2 == 0;
    split.missing = arithmetic_ == Arithmetic::kXgboost
                        ? MissingRule::kNaN
                        : static_cast<MissingRule>(random_() % 3);
    // The last feature is of categories, and of numbers too.
    if (shape_.has_categories && split.feature == kRandomFeatures - 1 &&
        random_() % 4 != 0) {
      AddCategories(split, tree);
    }
    return split;
  }

  void AddCategories(Split& split, Tree& tree) {
    split.is_categorical = true;
    split.threshold = 0;
    split.first_category = static_cast<uint32_t>(tree.categories.size());
    std::set<uint32_t> categories;
    for (uint64_t i = random_() % 6; i > 0; --i) {
      categories.insert(Category());
    }
    tree.categories.insert(tree.categories.end(), categories.begin(),
                           categories.end());
    split.category_count = static_cast<uint32_t>(categories.size());
  }

  uint32_t Category() {
    const uint32_t specials[] = {0, 1, 16777215, 16777217, 33554433};
    if (arithmetic_ == Arithmetic::kLightGbm && random_() % 8 == 0) {
      return specials[random_() % std::size(specials)];
    }
    return static_cast<uint32_t>(random_() % shape_.cuts);
  }

  Tree MakeTree(size_t leaves) {
    Tree tree;
    struct Open {
      int32_t parent;
      bool is_left;
    };
    std::vector<Open> open = {{-1, false}};
    const auto attach = [&](Open place, int32_t child) {
      if (place.parent < 0) return;
      Split& parent = tree.splits[static_cast<size_t>(place.parent)];
      (place.is_left ? parent.left : parent.right) = child;
    };
    while (open.size() < leaves) {
      const size_t i =
          shape_.is_chain ? open.size() - 1 : random_() % open.size();
      const Open place = open[i];
      open.erase(open.begin() + static_cast<ptrdiff_t>(i));
      const auto id = static_cast<int32_t>(tree.splits.size());
      tree.splits.push_back(MakeSplit(tree));
      attach(place, id);
      open.push_back({id, random_() % 2 == 0});
      open.push_back({id, !open.back().is_left});
    }
    for (const Open place : open) {
      attach(place, ~static_cast<int32_t>(tree.leaf_values.size()));
      const float value = std::normal_distribution<float>()(random_);
      tree.leaf_values.push_back(
          arithmetic_ == Arithmetic::kXgboost ? value : value * 1.1);
    }
    if (shape_.is_linear && random_() % 2 == 0) AddTerms(tree);
    return tree;
  }

  void AddTerms(Tree& tree) {
    std::normal_distribution<double> normal;
    tree.first_term = {0};
    for (size_t leaf = 0; leaf < tree.leaves(); ++leaf) {
      tree.leaf_constants.push_back(normal(random_));
      for (size_t i = random_() % 4; i > 0; --i) {
        tree.terms.push_back(
            {normal(random_),
             static_cast<uint32_t>(random_() % kRandomFeatures)});
      }
      tree.first_term.push_back(static_cast<uint32_t>(tree.terms.size()));
    }
  }

  const Arithmetic arithmetic_;
  const ForestShape shape_;
  std::mt19937 random_;
  std::vector<double> cuts_[kRandomFeatures];
};

}  // namespace marquee

#endif  // MARQUEE_TESTS_SCORING_RANDOM_FOREST_H_
