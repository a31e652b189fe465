#include "core/forest/forest.h"

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;

// Split 0 has the children leaf 0 and split 1; split 1 has leaves 1 and 2.
ForestParts SoundParts() {
  ForestParts parts;
  parts.num_features = 2;
  parts.feature_names = {"a", "b"};
  Tree tree;
  tree.splits = {{.threshold = 1, .feature = 0, .left = ~0, .right = 1},
                 {.threshold = 2, .feature = 1, .left = ~1, .right = ~2}};
  tree.leaf_values = {1, 2, 3};
  parts.trees = {tree, tree};
  parts.iteration_ends = {1, 2};
  return parts;
}

TEST(Forest, TakesASoundModel) {
  const auto forest = Forest::Create(SoundParts());
  ASSERT_TRUE(forest.ok()) << forest.status();
  EXPECT_EQ((*forest)->trees().size(), 2);
  EXPECT_EQ((*forest)->num_iterations(), 2);
  EXPECT_EQ((*forest)->base_margin(0), 0);
}

TEST(Forest, RefusesWhatWouldNotBeATree) {
  const std::pair<std::function<void(ForestParts&)>, std::string> faults[] = {
      {[](auto& p) { p.trees[1].splits[0].right = 2; },
       "tree 1, split 0: the child 2 is out of range"},
      {[](auto& p) { p.trees[1].splits[1].left = ~3; },
       "the child -4 is out of range"},
      {[](auto& p) {
         p.trees[1].splits[1].left = std::numeric_limits<int32_t>::min();
       },
       "is out of range"},
      {[](auto& p) { p.trees[1].splits[1].right = 0; }, "has two parents"},
      {[](auto& p) { p.trees[1].splits[1].right = 1; }, "has two parents"},
      {[](auto& p) { p.trees[1].splits[1].right = ~0; }, "has two parents"},
      {[](auto& p) { p.trees[1].leaf_values.pop_back(); },
       "2 splits and 2 values of leaves do not make a tree"},
      {[](auto& p) { p.trees[1].leaf_values.clear(); }, "do not make a tree"},
      {[](auto& p) {
         p.trees[0].splits[0].right = ~2;
         p.trees[0].splits[1] = {.left = 1, .right = ~1};
       },
       "tree 0: only 1 of 2 splits are below the root"},
  };
  for (const auto& [damage, what] : faults) {
    ForestParts parts = SoundParts();
    damage(parts);
    const auto forest = Forest::Create(std::move(parts));
    EXPECT_EQ(forest.status().code(), absl::StatusCode::kDataLoss) << what;
    EXPECT_THAT(forest.status().message(), HasSubstr(what));
  }
}

TEST(Forest, RefusesNumbersThatMeanNothing) {
  const std::pair<std::function<void(ForestParts&)>, std::string> faults[] = {
      {[](auto& p) { p.trees[0].splits[1].feature = 2; },
       "tree 0, split 1: feature 2 of 2 features"},
      {[](auto& p) { p.trees[0].splits[1].threshold = NAN; },
       "the threshold is NaN"},
      {[](auto& p) { p.trees[0].leaf_values[1] = NAN; }, "leaf 1"},
      {[](auto& p) { p.trees[0].leaf_values[1] = INFINITY; }, "leaf 1"},
      {[](auto& p) { p.trees[0].output = 1; }, "output 1 of 1 outputs"},
      {[](auto& p) { p.num_outputs = 0; }, "2 trees for 0 outputs"},
      {[](auto& p) { p.num_outputs = 3; }, "2 trees for 3 outputs"},
      {[](auto& p) { p.num_features = 0; }, "0 features"},
      {[](auto& p) { p.feature_names.pop_back(); }, "1 feature names for 2"},
      {[](auto& p) { p.trees.clear(); }, "no trees"},
      {[](auto& p) {
         p.iteration_ends = {2, 1};
       },
       "do not follow each other"},
      {[](auto& p) {
         p.iteration_ends = {1, 3};
       },
       "do not follow each other"},
      {[](auto& p) { p.iteration_ends = {1}; }, "the model has 2"},
      {[](auto& p) { p.base_margins = {1}; }, "base margins"},
      {[](auto& p) { p.sigmoid_scale = 0; }, "not a positive number"},
  };
  for (const auto& [damage, what] : faults) {
    ForestParts parts = SoundParts();
    damage(parts);
    const auto forest = Forest::Create(std::move(parts));
    EXPECT_EQ(forest.status().code(), absl::StatusCode::kDataLoss) << what;
    EXPECT_THAT(forest.status().message(), HasSubstr(what));
  }
}

TEST(Forest, NumbersOnlyCategoriesOfItsFeatures) {
  ForestParts parts = SoundParts();
  parts.numbered_categories = {static_cast<uint32_t>(parts.num_features)};
  const auto forest = Forest::Create(std::move(parts));
  EXPECT_EQ(forest.status().code(), absl::StatusCode::kDataLoss);
}

TEST(Forest, TakesInfiniteThresholds) {
  ForestParts parts = SoundParts();
  parts.trees[0].splits[0].threshold = INFINITY;
  EXPECT_TRUE(Forest::Create(std::move(parts)).ok());
}

TEST(Forest, OfXgboostHasOnlyFloat32Numbers) {
  ForestParts sound = SoundParts();
  sound.arithmetic = Arithmetic::kXgboost;
  EXPECT_FALSE(Forest::Create(sound).ok());
  sound.category_rule = CategoryRule::kXgboost;
  sound.base_margins = {0.5f};
  for (Tree& tree : sound.trees) {
    for (Split& split : tree.splits) split.missing = MissingRule::kNaN;
  }
  EXPECT_TRUE(Forest::Create(sound).ok());
  ForestParts threshold = sound;
  threshold.trees[0].splits[0].threshold = 0.1;
  EXPECT_FALSE(Forest::Create(threshold).ok());
  ForestParts leaf = sound;
  leaf.trees[0].leaf_values[0] = 0.1;
  EXPECT_FALSE(Forest::Create(leaf).ok());
  ForestParts margin = sound;
  margin.base_margins = {NAN};
  EXPECT_FALSE(Forest::Create(margin).ok());
}

TEST(Forest, KnowsTheCategoriesOfWholeWords) {
  EXPECT_EQ(EndOfKnownCategories({}), 0);
  for (const auto& [largest, end] :
       {std::pair{0u, 32u}, {31u, 32u}, {32u, 64u}, {16777215u, 16777216u}}) {
    EXPECT_EQ(EndOfKnownCategories(std::vector<uint32_t>{largest}), end);
  }
}

TEST(Forest, GivesItsFirstIterations) {
  const auto forest = Forest::Create(SoundParts());
  ASSERT_TRUE(forest.ok());
  const auto first = (*forest)->FirstIterations(1);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ((*first)->trees().size(), 1);
  EXPECT_EQ((*first)->num_iterations(), 1);
  for (const size_t wrong : {size_t{0}, size_t{3}}) {
    const auto none = (*forest)->FirstIterations(wrong);
    EXPECT_EQ(none.status().code(), absl::StatusCode::kOutOfRange);
    EXPECT_THAT(none.status().message(), HasSubstr("has 2 iterations"));
  }
}

TEST(Forest, GivesTheIterationsUpToTheBest) {
  ForestParts parts = SoundParts();
  const auto unknown =
      (*Forest::Create(parts))->FirstIterations(Forest::kBestIteration);
  EXPECT_EQ(unknown.status().code(), absl::StatusCode::kFailedPrecondition);
  parts.best_iteration = 0;
  const auto best =
      (*Forest::Create(parts))->FirstIterations(Forest::kBestIteration);
  ASSERT_TRUE(best.ok()) << best.status();
  EXPECT_EQ((*best)->num_iterations(), 1);
  parts.best_iteration = 2;
  const auto beyond =
      (*Forest::Create(parts))->FirstIterations(Forest::kBestIteration);
  EXPECT_EQ(beyond.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(
      beyond.status().message(),
      HasSubstr("names iteration 3 as its best one, but has 2 iterations"));
}

}  // namespace
}  // namespace marquee
