#include "core/model_import/lightgbm_text.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scoring/models.h"

namespace marquee {
namespace {

using ::testing::DoubleEq;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int kDefaultLeft = 2;
constexpr int kZeroMissing = 4;
constexpr int kNaNMissing = 8;

// -1 when the value goes left, 1 when it goes right.
double Side(const std::string& threshold, int decision_type, double value) {
  LightGbmModel model;
  model.trees = {Stump(threshold, decision_type)};
  return RawScores(ImportOrDie(model.Text()), {{value, 0, 0}})[0];
}

absl::Status Fault(const LightGbmModel& model) {
  return ImportForest(model.Text(), "model.txt").status();
}

// What is replaced in a model's text, by what, and what is then said.
using FaultCase = std::pair<std::pair<std::string, std::string>, std::string>;

void ExpectFaults(const LightGbmModel& sound, std::span<const FaultCase> faults,
                  absl::StatusCode code) {
  for (const auto& [change, what] : faults) {
    std::string text = sound.Text();
    ASSERT_NE(text.find(change.first), std::string::npos) << change.first;
    text.replace(text.find(change.first), change.first.size(), change.second);
    const absl::Status status = ImportForest(text, "model.txt").status();
    EXPECT_EQ(status.code(), code) << what << status;
    EXPECT_THAT(status.message(), HasSubstr(what));
  }
}

TEST(LightGbmText, ValueOnTheThresholdGoesLeft) {
  EXPECT_EQ(Side("0.1", 0, 0.1), -1);
  EXPECT_EQ(Side("0.1", 0, std::nextafter(0.1, 1)), 1);
  EXPECT_EQ(Side("0.1", 0, std::nextafter(0.1, 0)), -1);
  // A double compare: the float32 0.1 is larger than the double 0.1.
  EXPECT_EQ(Side("0.1", 0, 0.1f), 1);
  EXPECT_EQ(Side("inf", 0, kInfinity), -1);
  EXPECT_EQ(Side("-1", 0, -kInfinity), -1);
  EXPECT_EQ(Side("1e999", 0, 1e300), -1);
}

TEST(LightGbmText, WithoutMissingValuesNaNIsZero) {
  EXPECT_EQ(Side("0.5", 0, kNaN), -1);
  EXPECT_EQ(Side("-0.5", 0, kNaN), 1);
  EXPECT_EQ(Side("-0.5", kDefaultLeft, kNaN), 1);
}

TEST(LightGbmText, MissingNaNFollowsTheDefaultChild) {
  EXPECT_EQ(Side("0.5", kNaNMissing, kNaN), 1);
  EXPECT_EQ(Side("0.5", kNaNMissing | kDefaultLeft, kNaN), -1);
  EXPECT_EQ(Side("0.5", kNaNMissing, 0), -1);
}

TEST(LightGbmText, MissingZeroFollowsTheDefaultChild) {
  const double tiny = 1e-35f;
  for (const double zero : {0.0, -0.0, kNaN, tiny, -tiny, 1e-300}) {
    EXPECT_EQ(Side("0.5", kZeroMissing, zero), 1) << zero;
    EXPECT_EQ(Side("-0.5", kZeroMissing | kDefaultLeft, zero), -1) << zero;
  }
  EXPECT_EQ(Side("0.5", kZeroMissing, std::nextafter(tiny, 1)), -1);
  EXPECT_EQ(Side("-0.5", kZeroMissing | kDefaultLeft, -2e-35), 1);
}

TEST(LightGbmText, TinyValuesAreZero) {
  const double tiny = 1e-35f;
  EXPECT_EQ(Side("0", 0, tiny), -1);
  EXPECT_EQ(Side("0", kNaNMissing, 1e-40), -1);
  EXPECT_EQ(Side("-1e-36", 0, -1e-35), 1);
  EXPECT_EQ(Side("0", 0, std::nextafter(tiny, 1)), 1);
}

TEST(LightGbmText, SumsInDoubleInTheOrderOfTheFile) {
  LightGbmModel model;
  model.trees = {Constant("1e16"), Constant("1"), Constant("1"),
                 Constant("-1e16")};
  EXPECT_THAT(RawScores(ImportOrDie(model.Text()), {{0, 0, 0}}),
              ElementsAre((1e16 + 1.0) + 1.0 - 1e16));
}

TEST(LightGbmText, ShrinkageIsInTheLeavesAlready) {
  EXPECT_EQ(Side("0.5", 0, 0), -1);  // the file says shrinkage=0.1
}

TEST(LightGbmText, ClassesTakeTurns) {
  LightGbmModel model;
  model.classes = "num_class=2\nnum_tree_per_iteration=2\n";
  model.objective = "objective=multiclass num_class:2\n";
  model.trees = {Constant("1"), Constant("10"), Constant("2"), Constant("20")};
  const auto forest = ImportOrDie(model.Text());
  EXPECT_THAT(RawScores(forest, {{0, 0, 0}}), ElementsAre(3, 30));
  EXPECT_THAT(Predictions(forest, {{0, 0, 0}}),
              ElementsAre(DoubleEq(std::exp(-27.0) / (std::exp(-27.0) + 1)),
                          DoubleEq(1 / (std::exp(-27.0) + 1))));
  EXPECT_EQ(forest->num_iterations(), 2);
  model.trees.pop_back();
  EXPECT_THAT(Fault(model).message(), HasSubstr("3 trees are not whole"));
}

TEST(LightGbmText, AverageDividesByTheUsedIterations) {
  LightGbmModel model;
  model.extra = "average_output\n";
  model.trees = {Constant("1"), Constant("2"), Constant("6")};
  const auto forest = ImportOrDie(model.Text());
  EXPECT_THAT(RawScores(forest, {{0, 0, 0}}), ElementsAre(9));
  EXPECT_THAT(Predictions(forest, {{0, 0, 0}}), ElementsAre(3));
  auto first = forest->FirstIterations(2);
  ASSERT_TRUE(first.ok());
  EXPECT_THAT(Predictions(*std::move(first), {{0, 0, 0}}), ElementsAre(1.5));
}

TEST(LightGbmText, RefusesAnAmbiguousOldRandomForest) {
  LightGbmModel model;
  model.extra = "average_output\n";
  model.version = "version=v2\n";
  model.objective = "objective=binary sigmoid:1\n";
  model.trees = {Constant("1")};
  EXPECT_EQ(Fault(model).code(), absl::StatusCode::kUnimplemented);
  EXPECT_THAT(Fault(model).message(),
              HasSubstr("random forest (average_output) of version 2"));
  model.version = "";
  EXPECT_EQ(Fault(model).code(), absl::StatusCode::kUnimplemented);
  model.version = "version=v3\n";
  EXPECT_TRUE(Fault(model).ok());
  // Without a transform both readings are the same.
  model.version = "version=v2\n";
  model.objective = "objective=regression\n";
  EXPECT_TRUE(Fault(model).ok());
}

TEST(LightGbmText, TheLogarithmLosesDigitsWhereItDidForTheTrainer) {
  const double precise = std::log1p(std::exp(-20.0));
  const double old = std::log(1.0 + std::exp(-20.0));
  ASSERT_NE(precise, old);
  LightGbmModel model;
  model.objective = "objective=xentlambda\n";
  for (const std::string version : {"", "version=v2\n", "version=v3\n"}) {
    model.version = version;
    model.trees = {Constant("-20")};
    EXPECT_THAT(Predictions(ImportOrDie(model.Text()), {{0, 0, 0}}),
                ElementsAre(DoubleEq(old)))
        << version;
  }
  // Since 3.2, each tree says whether it is linear.
  model.trees = {absl::StrCat(Constant("-20"), "is_linear=0\n")};
  EXPECT_THAT(Predictions(ImportOrDie(model.Text()), {{0, 0, 0}}),
              ElementsAre(DoubleEq(precise)));
  model.version = "version=v4\n";
  model.trees = {Constant("-20")};
  EXPECT_THAT(Predictions(ImportOrDie(model.Text()), {{0, 0, 0}}),
              ElementsAre(DoubleEq(precise)));
}

TEST(LightGbmText, MissingCategoriesGoRightInEveryVersion) {
  LightGbmModel model;
  // Category 0 goes left.
  model.trees = {
      absl::StrReplaceAll(Stump("0", 1), {{"num_cat=0",
                                           "num_cat=1\ncat_boundaries=0 1\n"
                                           "cat_threshold=1"}})};
  for (const std::string version : {"", "version=v2\n", "version=v4\n"}) {
    model.version = version;
    const auto forest = ImportOrDie(model.Text());
    EXPECT_THAT(RawScores(forest, {{0, 0, 0}}), ElementsAre(-1));
    EXPECT_THAT(RawScores(forest, {{kNaN, 0, 0}}), ElementsAre(1));
  }
}

TEST(LightGbmText, TakesWhatOldAndForeignWritersLeaveOut) {
  LightGbmModel model;
  model.version = "";
  model.classes = "num_class=1\n";
  model.objective = "";
  model.trees = {
      absl::StrReplaceAll(Stump("0.5", 0), {{"decision_type=0\n", ""}})};
  const auto forest = ImportOrDie(model.Text());
  EXPECT_THAT(Predictions(forest, {{1, 0, 0}}), ElementsAre(1));
  EXPECT_THAT(forest->feature_names(), ElementsAre("a", "b", "c"));
  EXPECT_TRUE(
      ImportForest(absl::StrReplaceAll(model.Text(), {{"\n", "\r\n"}}), "dos")
          .ok());
}

TEST(LightGbmText, AByteOrderMarkIsLeftOut) {
  LightGbmModel model;
  model.trees = {Constant("1")};
  EXPECT_EQ(RawScores(ImportOrDie("\xEF\xBB\xBF" + model.Text()), {{0, 0, 0}}),
            RawScores(ImportOrDie(model.Text()), {{0, 0, 0}}));
}

TEST(LightGbmText, AFileHasOneModel) {
  const std::string whole = ReadAll(ModelPath("lgb_regression.txt"));
  const auto lines = std::count(whole.begin(), whole.end(), '\n');
  ASSERT_TRUE(ImportForest(whole + "\n", "m").ok());
  const std::string seconds[] = {whole, "\xEF\xBB\xBF" + whole,
                                 "{\"learner\":{}}"};
  for (const std::string& second : seconds) {
    EXPECT_EQ(ImportForest(whole + second, "m").status(),
              absl::DataLossError(absl::StrCat(
                  "m:", lines + 1, ": another model begins; a file has one")));
  }
}

TEST(LightGbmText, NamesFaultAndLine) {
  const std::string stump = Stump("0.5", 0);
  LightGbmModel sound;
  sound.trees = {stump};
  ASSERT_TRUE(Fault(sound).ok()) << Fault(sound);
  const FaultCase faults[] = {
      {{"threshold=0.5", "threshold=0.5x"}, "model.txt:15: 'threshold' has"},
      {{"threshold=0.5", "threshold=0.5 1"}, "2 numbers instead of 1"},
      {{"threshold=0.5\n", ""}, "model.txt:11: the field 'threshold'"},
      {{"threshold=0.5", "threshold=nan"}, "tree 0, split 0: the threshold"},
      {{"num_leaves=2", "num_leaves=2000000000"}, "instead of 2000000000"},
      {{"num_leaves=2", "num_leaves=-2"}, "-2 leaves"},
      {{"num_leaves=2", "num_leaves=2\nnum_leaves=2"}, "occurs twice"},
      {{"split_feature=0", "split_feature=3"}, "feature 3 of 3"},
      {{"split_feature=0", "split_feature=-1"}, "feature 4294967295"},
      {{"left_child=-1", "left_child=0"}, "has two parents"},
      {{"left_child=-1", "left_child=-2"}, "has two parents"},
      {{"leaf_value=-1 1", "leaf_value=-1 inf"}, "tree 0, leaf 1"},
      {{"decision_type=0", "decision_type=12"}, "unknown decision type 12"},
      {{"Tree=0", "Tree=1"}, "expected 'Tree=0'"},
      {{"max_feature_idx=2", "max_feature_idx=3"}, "3 feature names"},
      {{"max_feature_idx=2", "max_feature_idx=2000000000"}, "3 feature names"},
      {{"num_class=1", "num_class=2"}, "1 trees an iteration for 2 classes"},
      {{"num_class=1\n", ""}, "'num_class' is missing"},
      {{"end of trees", "end of"}, "neither a tree nor the end"},
      {{"feature_infos", "tree_sizes=1 2\nfeature_infos"}, "tree_sizes has 2"},
      {{"tree\n", "forest\n"}, "is not a tree model"},
  };
  ExpectFaults(sound, faults, absl::StatusCode::kDataLoss);
}

// A split of category 1 and 33: left, with the value -1.
std::string CategoricalStump() {
  return "num_leaves=2\nnum_cat=1\nsplit_feature=0\nthreshold=0\n"
         "decision_type=1\nleft_child=-1\nright_child=-2\nleaf_value=-1 1\n"
         "cat_boundaries=0 2\ncat_threshold=2 2\n";
}

TEST(LightGbmText, CategoriesOfASplitGoLeft) {
  LightGbmModel model;
  model.trees = {CategoricalStump()};
  const auto forest = ImportOrDie(model.Text());
  for (const double value : {1.0, 1.9, 33.0}) {
    EXPECT_EQ(RawScores(forest, std::vector<double>{value, 0, 0})[0], -1);
  }
  for (const double value :
       {0.0, -1.0, 2.0, 34.0, 65.0, 1e300, -kInfinity, kInfinity, kNaN}) {
    EXPECT_EQ(RawScores(forest, std::vector<double>{value, 0, 0})[0], 1)
        << value;
  }
}

TEST(LightGbmText, FaultsOfCategoriesAreNamed) {
  const FaultCase faults[] = {
      {{"num_cat=1", "num_cat=-1"}, "has -1 categorical splits"},
      {{"num_cat=1", "num_cat=0"},
       "0 is not the number of a set of categories"},
      {{"cat_boundaries=0 2", "cat_boundaries=0 3"},
       "'cat_threshold' has 2 numbers instead of 3"},
      {{"cat_boundaries=0 2", "cat_boundaries=2 0"}, "do not ascend from 0"},
      {{"cat_boundaries=0 2\n", ""}, "'cat_boundaries' is missing"},
      {{"threshold=0\n", "threshold=1\n"},
       "1 is not the number of a set of categories"},
      {{"threshold=0\n", "threshold=nan\n"},
       "is not the number of a set of categories"},
      {{"threshold=0\n", "threshold=0.5\n"},
       "0.5 is not the number of a set of categories"},
      {{"cat_threshold=2 2", "cat_threshold=2 -2"}, "the word '-2'"},
      {{"cat_threshold=2 2", "cat_threshold=2 4294967296"}, "the word '42949"},
  };
  LightGbmModel sound;
  sound.trees = {CategoricalStump()};
  ExpectFaults(sound, faults, absl::StatusCode::kDataLoss);
}

LightGbmModel LinearModel(const std::string& constants,
                          const std::string& counts,
                          const std::string& features,
                          const std::string& coefficients) {
  LightGbmModel model;
  model.trees = {absl::StrCat(
      Stump("0.5", kNaNMissing), "is_linear=1\nleaf_const=", constants,
      "\nnum_features=", counts, "\nleaf_features=", features,
      "\nleaf_coeff=", coefficients, "\n")};
  return model;
}

TEST(LightGbmText, LinearLeavesAddTheirTermsInOrder) {
  const auto forest =
      ImportOrDie(LinearModel("10 20", "0 2", " 1 2 ", "0.5 2 ").Text());
  EXPECT_EQ(RawScores(forest, {{0, kNaN, kNaN}})[0], 10);
  EXPECT_EQ(RawScores(forest, {{1, 4, 8}})[0], 20 + 2 + 16);
  // A value that is missing: the leaf's plain value.
  EXPECT_EQ(RawScores(forest, {{1, 4, kNaN}})[0], 1);
  // As small as 1e-35: 0.
  EXPECT_EQ(RawScores(forest, {{1, 0, 1e-35}})[0], 20);
  // Rounded after the product and after each sum, from the left to the right.
  const auto rounded =
      ImportOrDie(LinearModel("0 1e16", "0 2", "1 2", "1 1").Text());
  EXPECT_EQ(RawScores(rounded, {{1, 1, 1}})[0], 1e16);
}

TEST(LightGbmText, ALinearTreeMayHaveOneLeaf) {
  LightGbmModel model;
  model.trees = {absl::StrCat(Constant("7"),
                              "is_linear=1\nleaf_const=1\nnum_features=1\n"
                              "leaf_features=2\nleaf_coeff=3\n")};
  const auto forest = ImportOrDie(model.Text());
  EXPECT_EQ(RawScores(forest, {{0, 0, 2}})[0], 7);
  EXPECT_EQ(RawScores(forest, {{0, 0, 3}})[0], 10);
  EXPECT_EQ(RawScores(forest, {{0, 0, kNaN}})[0], 7);
}

TEST(LightGbmText, NamesFaultsOfLinearLeaves) {
  const FaultCase faults[] = {
      {{"leaf_const=10 20", "leaf_const=10"}, "'leaf_const' has 1 numbers"},
      {{"leaf_const=10 20", "leaf_const=10 inf"}, "a constant is not finite"},
      {{"num_features=0 2", "num_features=-1 3"}, "-1 features of a leaf"},
      {{"num_features=0 2", "num_features=2147483647 2147483647"},
       "2147483647 features of a leaf"},
      {{"num_features=0 2", "num_features=1 2"},
       "'leaf_features' has 2 numbers instead of 3"},
      {{"leaf_features=1 2", "leaf_features=1 3"},
       "a linear term of feature 3 of 3 features"},
      {{"leaf_features=1 2", "leaf_features=1 -2"}, "a linear term of feature"},
      {{"leaf_coeff=0.5 2", "leaf_coeff=0.5 nan"},
       "a linear coefficient is not finite"},
      {{"leaf_coeff", "leaf_gone"}, "the field 'leaf_coeff' is missing"},
  };
  ExpectFaults(LinearModel("10 20", "0 2", "1 2", "0.5 2"), faults,
               absl::StatusCode::kDataLoss);
}

TEST(LightGbmText, NamesWhatIsNotSupportedAndTheLine) {
  const FaultCase faults[] = {
      {{"version=v4", "version=v5"}, "model.txt:2: version 'v5'"},
      {{"objective=regression", "objective=magic"},
       "model.txt:7: the LightGBM objective 'magic' is not supported"},
      {{"decision_type=0", "decision_type=0\ndefault_value=0"},
       "model.txt:17: a model of LightGBM 2.0.4 or older"},
  };
  LightGbmModel sound;
  sound.trees = {Stump("0.5", 0)};
  ExpectFaults(sound, faults, absl::StatusCode::kUnimplemented);
}

}  // namespace
}  // namespace marquee
