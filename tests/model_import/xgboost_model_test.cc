#include "core/model_import/xgboost_model.h"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scoring/models.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

XgboostModel OneTree(const std::string& tree) {
  XgboostModel model;
  model.base_score = "0E0";
  model.trees = {tree};
  return model;
}

// -1 when the value goes left, 1 when it goes right.
double Side(const std::string& threshold, const std::string& default_left,
            double value) {
  return RawScores(
      ImportOrDie(OneTree(XgboostStump(threshold, default_left)).Text()),
      {{value, 0, 0}})[0];
}

absl::Status Fault(const XgboostModel& model) {
  return ImportForest(model.Text(), "model.json").status();
}

TEST(XgboostJson, ValueOnTheThresholdGoesRight) {
  EXPECT_EQ(Side("5E-1", "0", 0.5), 1);
  EXPECT_EQ(Side("5E-1", "0", std::nextafter(0.5f, 0.0f)), -1);
  EXPECT_EQ(Side("1E0", "0", kInfinity), 1);
  EXPECT_EQ(Side("1E0", "0", -kInfinity), -1);
  EXPECT_EQ(Side("Infinity", "0", 1e30), -1);
}

TEST(XgboostJson, ValuesAreRoundedToFloat32BeforeTheCompare) {
  // As doubles both are below the threshold, the float32 nearest to 0.1.
  EXPECT_EQ(Side("1E-1", "0", 0.1), 1);
  EXPECT_EQ(Side("1E-1", "0", 0.1 - 1e-12), 1);
  EXPECT_EQ(Side("1E-1", "0", 0.1 - 1e-8), -1);
  // Too large for a float32: infinity.
  EXPECT_EQ(Side("3.4028235E38", "0", 1e300), 1);
}

TEST(XgboostJson, SubnormalThresholdsAreKept) {
  EXPECT_EQ(Side("1E-45", "0", 0), -1);
  EXPECT_EQ(Side("1E-45", "0", 1e-45), 1);
}

TEST(XgboostJson, OnlyNaNFollowsTheDefaultChild) {
  EXPECT_EQ(Side("5E-1", "0", kNaN), 1);
  EXPECT_EQ(Side("5E-1", "1", kNaN), -1);
  EXPECT_EQ(Side("5E-1", "true", kNaN), -1);
  EXPECT_EQ(Side("5E-1", "false", kNaN), 1);
  EXPECT_EQ(Side("-5E-1", "1", 0), 1);
}

TEST(XgboostJson, SumsInFloat32FromTheBaseMargin) {
  XgboostModel model;
  model.base_score = "1.6777216E7";
  model.trees = {XgboostLeaf("1"), XgboostLeaf("1"),
                 XgboostLeaf("-1.6777216E7")};
  EXPECT_THAT(RawScores(ImportOrDie(model.Text()), {{0, 0, 0}}),
              ElementsAre(0));
}

TEST(XgboostJson, BaseScoreIsAPredictionInEveryVersion) {
  XgboostModel model;
  model.trees = {XgboostLeaf("0")};
  for (const std::string score : {"2.5E-1", "[2.5E-1]"}) {
    model.base_score = score;
    model.objective = "reg:squarederror";
    EXPECT_THAT(RawScores(ImportOrDie(model.Text()), {{0, 0, 0}}),
                ElementsAre(0.25));
    model.objective = "binary:logistic";
    EXPECT_THAT(RawScores(ImportOrDie(model.Text()), {{0, 0, 0}}),
                ElementsAre(-std::log(3.0f)));
    model.objective = "count:poisson";
    EXPECT_THAT(RawScores(ImportOrDie(model.Text()), {{0, 0, 0}}),
                ElementsAre(std::log(0.25f)));
  }
}

TEST(XgboostJson, BaseScoreOnTheEdgeOfTheRangeIsPulledInSince32) {
  XgboostModel model = OneTree(XgboostLeaf("0"));
  model.objective = "binary:logistic";
  EXPECT_THAT(RawScores(ImportOrDie(model.Text()), {{0, 0, 0}}),
              ElementsAre(-std::log(1.0f / 1e-6f - 1.0f)));
  for (const std::string beyond : {"2E0", "-1E-9"}) {
    model.base_score = beyond;
    EXPECT_THAT(Fault(model).message(), HasSubstr("base_score "));
  }
  model.base_score = "0E0";
  model.version = "[3,1,0]";
  EXPECT_THAT(Fault(model).message(), HasSubstr("base_score 0"));
}

TEST(XgboostJson, AVersionThatIsNotKnownIsRefused) {
  XgboostModel model = OneTree(XgboostLeaf("0"));
  model.version = "[4,0,0]";
  EXPECT_EQ(Fault(model).code(), absl::StatusCode::kUnimplemented);
  EXPECT_THAT(Fault(model).message(), HasSubstr("models of XGBoost 4.0.0"));
}

TEST(XgboostJson, ClassesHaveTheirTreesAndBaseScores) {
  XgboostModel model;
  model.objective = "multi:softprob";
  model.num_class = "2";
  model.base_score = "[1E0,2E0]";
  model.tree_info = "0,1,1,0";
  model.trees = {XgboostLeaf("1"), XgboostLeaf("10"), XgboostLeaf("20"),
                 XgboostLeaf("2")};
  auto forest = ImportOrDie(model.Text());
  EXPECT_THAT(RawScores(forest, {{0, 0, 0}}), ElementsAre(4, 32));
  EXPECT_EQ(forest->num_iterations(), 2);
  model.objective = "multi:softmax";
  EXPECT_THAT(Predictions(ImportOrDie(model.Text()), {{0, 0, 0}}),
              ElementsAre(1));
  model.base_score = "5E-1";
  EXPECT_THAT(RawScores(ImportOrDie(model.Text()), {{0, 0, 0}}),
              ElementsAre(3.5, 30.5));
  model.base_score = "[1E0,2E0,3E0]";
  EXPECT_THAT(Fault(model).message(), HasSubstr("3 elements for 2 outputs"));
}

TEST(XgboostJson, DartWeightsAreFoundInAllThreePlaces) {
  XgboostModel model;
  model.base_score = "0E0";
  model.trees = {XgboostLeaf("1E-1"), XgboostLeaf("2E-1"), XgboostLeaf("4")};
  const std::string weights = "\"weight_drop\":[3E-1,5E-1],";
  const float sum = (0.1f * 0.3f + 0.2f * 0.5f) + 4.0f;
  XgboostModel beside = model;
  beside.booster_extra = weights;
  XgboostModel inside = model;
  inside.model_extra = weights;
  XgboostModel wrapped = beside;
  wrapped.booster = "dart";
  wrapped.is_wrapped = true;
  for (const XgboostModel& place : {beside, inside, wrapped}) {
    EXPECT_THAT(RawScores(ImportOrDie(place.Text()), {{0, 0, 0}}),
                ElementsAre(sum));
  }
  model.model_extra = "\"weight_drop\":[1,1,1,1],";
  EXPECT_THAT(Fault(model).message(), HasSubstr("weight_drop has 4"));
}

TEST(XgboostJson, OnlyDartUntil32TakesTheSignFromZero) {
  XgboostModel model;
  model.base_score = "-0E0";
  model.trees = {XgboostLeaf("-0")};
  model.booster_extra = "\"weight_drop\":[5E-1],";
  EXPECT_TRUE(
      std::signbit(RawScores(ImportOrDie(model.Text()), {{0, 0, 0}})[0]));
  model.booster = "dart";
  model.is_wrapped = true;
  EXPECT_FALSE(
      std::signbit(RawScores(ImportOrDie(model.Text()), {{0, 0, 0}})[0]));
}

TEST(XgboostJson, IterationsComeFromTheIndex) {
  XgboostModel model;
  model.trees = {XgboostLeaf("1"), XgboostLeaf("2"), XgboostLeaf("4")};
  EXPECT_EQ(ImportOrDie(model.Text())->num_iterations(), 3);
  model.model_extra = "\"iteration_indptr\":[0,2,3],";
  const auto forest = ImportOrDie(model.Text());
  EXPECT_EQ(forest->num_iterations(), 2);
  EXPECT_EQ((*forest->FirstIterations(1))->trees().size(), 2);
  for (const std::string wrong : {"[0,2]", "[0,2,1,3]", "[1,3]", "[0,-2,3]"}) {
    model.model_extra = "\"iteration_indptr\":" + wrong + ",";
    EXPECT_EQ(Fault(model).code(), absl::StatusCode::kDataLoss) << wrong;
  }
}

TEST(XgboostJson, AByteOrderMarkIsLeftOut) {
  XgboostModel model;
  model.trees = {XgboostLeaf("1")};
  EXPECT_EQ(RawScores(ImportOrDie("\xEF\xBB\xBF" + model.Text()), {{0, 0, 0}}),
            RawScores(ImportOrDie(model.Text()), {{0, 0, 0}}));
  EXPECT_THAT(ImportForest("\xEF\xBB\xBF{1", "m.json").status().message(),
              HasSubstr("m.json:1:2: "));
}

TEST(XgboostJson, BestIterationIsKeptAndAllTreesAreUsed) {
  XgboostModel model;
  model.attributes = "{\"best_iteration\":\"0\",\"best_score\":\"1.5\"}";
  model.trees = {XgboostLeaf("1"), XgboostLeaf("2")};
  const auto forest = ImportOrDie(model.Text());
  EXPECT_EQ(forest->best_iteration(), 0);
  EXPECT_THAT(RawScores(forest, {{0, 0, 0}}), ElementsAre(3.5));
}

TEST(XgboostJson, DeletedNodesStayBehind) {
  const std::string tree =
      "\"left_children\":[3,-1,-1,-1,-1],\"right_children\":[4,-1,-1,-1,-1],"
      "\"split_indices\":[1,2147483647,2147483647,0,0],"
      "\"split_conditions\":[1,7,7,-2,2],\"default_left\":[0,0,0,0,0],"
      "\"tree_param\":{\"num_deleted\":\"2\",\"num_nodes\":\"5\"}";
  const auto forest = ImportOrDie(OneTree(tree).Text());
  EXPECT_EQ(forest->trees()[0].splits.size(), 1);
  EXPECT_THAT(RawScores(forest, {{0, 0.5, 0}}), ElementsAre(-2));
}

TEST(XgboostJson, NamesTheFault) {
  XgboostModel sound = OneTree(XgboostStump("5E-1", "0"));
  ASSERT_TRUE(Fault(sound).ok()) << Fault(sound);
  const std::pair<std::pair<std::string, std::string>, std::string> faults[] = {
      {{"\"left_children\":[1,", "\"left_children\":[0,"}, "two parents"},
      {{"\"left_children\":[1,", "\"left_children\":[2,"}, "two parents"},
      {{"\"left_children\":[1,", "\"left_children\":[3,"}, "out of range"},
      {{"\"left_children\":[1,", "\"left_children\":[-7,"}, "out of range"},
      {{"\"left_children\":[1,", "\"left_children\":[99999999999,"},
       "99999999999 is out of range"},
      {{"\"left_children\":[1,", "\"left_children\":["}, "3 elements"},
      {{"\"left_children\":[1,", "\"left_children\":[-1,"}, "1 nodes below"},
      {{"num_nodes\":\"3", "num_nodes\":\"2000000000"}, "num_nodes is 2000000"},
      {{"num_nodes\":\"3", "num_nodes\":\"x"}, "string with an integer"},
      {{"\"split_conditions\":[5E-1", "\"split_conditions\":[NaN"},
       "threshold is NaN"},
      {{"-1,1],\"default", "-1,1e39],\"default"}, "does not fit a float32"},
      {{"-1,1],\"default", "-1,Infinity],\"default"}, "tree 0, leaf 1"},
      {{"split_indices\":[0,", "split_indices\":[3,"}, "feature 3 of 3"},
      {{"\"id\":0", "\"id\":1"}, "has the id 1"},
      {{"num_trees\":\"1", "num_trees\":\"2"}, "num_trees is 2"},
      {{"\"tree_info\":[0]", "\"tree_info\":[1]"}, "is 1 of 1 outputs"},
      {{"num_class\":\"0", "num_class\":\"2000000000"}, "2000000000 outputs"},
      {{"num_class\":\"0\",\"num_feature\":\"3",
        "num_class\":\"0\",\"num_feature\":\"0"},
       "num_feature is 0"},
      {{"base_score\":\"0E0", "base_score\":\"nan"}, "base_score nan"},
      {{"base_score\":\"0E0", "base_score\":\"[]"}, "not a list"},
      {{"\"learner\"", "\"teacher\""}, "has no 'learner'"},
      {{"{\"learner\":{", "{\"learner\":{{"}, "model.json:1:13: expected"},
      {{"[3,2,0]}", "[3,2,0]}x"}, "expected the end"},
      {{"\"split_type\"", "\"left_children\""},
       "the key 'left_children' occurs twice"},
      {{"size_leaf_vector\":\"1", "size_leaf_vector\":\"2"},
       "base_weights has 0 elements"},
  };
  for (const auto& [change, what] : faults) {
    std::string text = sound.Text();
    ASSERT_NE(text.find(change.first), std::string::npos) << change.first;
    text.replace(text.find(change.first), change.first.size(), change.second);
    const absl::Status status = ImportForest(text, "model.json").status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << what << status;
    EXPECT_THAT(status.message(), HasSubstr(what));
    EXPECT_THAT(status.message(), HasSubstr("model.json:"));
  }
}

TEST(XgboostJson, LeavesOfSeveralValues) {
  std::string tree = XgboostStump("5E-1", "0");
  const auto replace = [](std::string& text, const std::string& from,
                          const std::string& to) {
    ASSERT_NE(text.find(from), std::string::npos) << from;
    text.replace(text.find(from), from.size(), to);
  };
  replace(tree, "size_leaf_vector\":\"1", "size_leaf_vector\":\"2");
  // As 2.0 to 3.1 write it, and as 3.2 does.
  std::string by_node = tree;
  replace(by_node, "\"split_type\"",
          "\"base_weights\":[9,9,1,2,3,4],\"split_type\"");
  std::string by_leaf = tree;
  replace(by_leaf, "\"split_type\"",
          "\"leaf_weights\":[3,4,1,2],\"split_type\"");
  replace(by_leaf, "\"right_children\":[2,-1,-1]",
          "\"right_children\":[2,1,0]");
  XgboostModel model = OneTree(by_node);
  model.num_target = "2";
  const std::string sound_by_node = model.Text();
  model = OneTree(by_leaf);
  model.num_target = "2";
  const std::string sound = model.Text();
  for (const std::string& text : {sound, sound_by_node}) {
    const auto forest = ImportOrDie(text);
    EXPECT_THAT(RawScores(forest, {{0, 0, 0}}), ElementsAre(1, 2));
    EXPECT_THAT(RawScores(forest, {{1, 0, 0}}), ElementsAre(3, 4));
  }
  const std::pair<std::pair<std::string, std::string>, std::string> faults[] = {
      {{"[3,4,1,2]", "[3,4,1]"}, "leaf_weights has 3 elements"},
      {{"[2,1,0]", "[2,2,0]"}, "node 1 has leaf 2 of 2"},
      {{"[2,1,0]", "[2,-1,0]"}, "node 1 has leaf -1 of 2"},
      {{"size_leaf_vector\":\"2", "size_leaf_vector\":\"4"},
       "node 1 has leaf 1 of 1"},
      {{"size_leaf_vector\":\"2", "size_leaf_vector\":\"99999999999"},
       "size_leaf_vector is 99999999999"},
      {{"num_target\":\"2", "num_target\":\"3"}, "leaves of 2 values for 3"},
  };
  for (const auto& [change, what] : faults) {
    std::string text = sound;
    replace(text, change.first, change.second);
    const absl::Status status = ImportForest(text, "model.json").status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << what << status;
    EXPECT_THAT(status.message(), HasSubstr(what));
  }
}

TEST(XgboostJson, FaultsOfCategoriesAreNamed) {
  std::string tree = XgboostStump("NaN", "0");
  const auto replace = [](std::string& text, const std::string& from,
                          const std::string& to) {
    ASSERT_NE(text.find(from), std::string::npos) << from;
    text.replace(text.find(from), from.size(), to);
  };
  replace(tree, "\"split_type\":[0", "\"split_type\":[1");
  replace(tree, "\"categories_nodes\":[]",
          "\"categories_nodes\":[0],\"categories_segments\":[0],"
          "\"categories_sizes\":[2],\"categories\":[5,1]");
  const std::string sound = OneTree(tree).Text();
  const auto forest = ImportOrDie(sound);
  // Those of the split go right; the default is right too.
  for (const double value : {1.0, 5.9, kNaN}) {
    EXPECT_EQ(RawScores(forest, std::vector<double>{value, 0, 0})[0], 1);
  }
  for (const double value : {0.0, -0.5, 2.0, 16777217.0, kInfinity}) {
    EXPECT_EQ(RawScores(forest, std::vector<double>{value, 0, 0})[0], -1);
  }
  const std::pair<std::pair<std::string, std::string>, std::string> faults[] = {
      {{"\"split_type\":[1", "\"split_type\":[2"}, "unknown split type 2"},
      {{"\"split_type\":[1", "\"split_type\":[0"},
       "categories that are not of it"},
      {{"\"split_type\":[1,", "\"split_type\":["}, "split_type has 2 elements"},
      {{"_nodes\":[0]", "_nodes\":[3]"}, "categories_nodes has 3"},
      {{"_nodes\":[0]", "_nodes\":[]"}, "are not of one size"},
      {{"_segments\":[0]", "_segments\":[1]"}, "the categories 1 to 1 + 2"},
      {{"_sizes\":[2]", "_sizes\":[-1]"}, "the categories 0 to 0 + -1"},
      {{"\"categories\":[5", "\"categories\":[-5"}, "-5 is out of range"},
  };
  for (const auto& [change, what] : faults) {
    std::string text = sound;
    replace(text, change.first, change.second);
    const absl::Status status = ImportForest(text, "model.json").status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << what << status;
    EXPECT_THAT(status.message(), HasSubstr(what));
  }
}

// A split of category 0, which is right, as the default child is.
std::string CategoricalStump() {
  return absl::StrReplaceAll(
      XgboostStump("0", "0"),
      {{"\"split_type\":[0", "\"split_type\":[1"},
       {"\"categories_nodes\":[]",
        "\"categories_nodes\":[0],\"categories_segments\":[0],"
        "\"categories_sizes\":[1],\"categories\":[0]"}});
}

// The default child is right, so -0.5 and 32 tell the versions apart.
TEST(XgboostJson, UnknownCategoriesGoWhereTheVersionSentThem) {
  XgboostModel model = OneTree(CategoricalStump());
  struct Case {
    std::string version;
    double below;   // -0.5
    double beyond;  // 32
  };
  const Case cases[] = {{"[1,5,9]", 1, -1},
                        {"[1,6,0]", 1, 1},
                        {"[1,7,2]", 1, 1},
                        {"[1,7,3]", -1, -1},
                        {"[]", -1, -1}};
  for (const auto& [version, below, beyond] : cases) {
    model.version = version;
    const auto forest = ImportOrDie(model.Text());
    EXPECT_EQ(RawScores(forest, {{-0.5, 0, 0}})[0], below) << version;
    EXPECT_EQ(RawScores(forest, {{32, 0, 0}})[0], beyond) << version;
    EXPECT_EQ(RawScores(forest, {{31, 0, 0}})[0], -1) << version;
  }
}

// Slices of a model have an empty list.
TEST(XgboostJson, CategoriesWithoutAListAreNotTold) {
  XgboostModel model = OneTree(CategoricalStump());
  EXPECT_THAT(ImportOrDie(model.Text())->untold_categories(), ElementsAre(0));
  model.model_extra = "\"cats\":{\"enc\":[]},";
  EXPECT_THAT(ImportOrDie(model.Text())->untold_categories(), ElementsAre(0));
  model.model_extra = "\"cats\":{\"enc\":[{\"offsets\":[],\"values\":[]}]},";
  EXPECT_THAT(ImportOrDie(model.Text())->untold_categories(), IsEmpty());
}

TEST(XgboostJson, NamesWhatIsNotSupported) {
  const std::pair<std::pair<std::string, std::string>, std::string> faults[] = {
      {{"\"name\":\"gbtree", "\"name\":\"gblinear"}, "'gblinear'"},
      {{"reg:squarederror", "reg:magic"}, "XGBoost objective 'reg:magic'"},
  };
  for (const auto& [change, what] : faults) {
    std::string text = OneTree(XgboostStump("5E-1", "0")).Text();
    text.replace(text.find(change.first), change.first.size(), change.second);
    const absl::Status status = ImportForest(text, "model.json").status();
    EXPECT_EQ(status.code(), absl::StatusCode::kUnimplemented) << status;
    EXPECT_THAT(status.message(), HasSubstr(what));
  }
}

TEST(Import, NamesFormatsThatItDoesNotRead) {
  EXPECT_THAT(ImportForest("binf....", "m").status().message(),
              HasSubstr("old binary format"));
  EXPECT_THAT(ImportForest(std::string("{L\0\0", 4), "m").status().message(),
              HasSubstr("m: byte 2: 8 bytes are needed, 2 are left"));
  for (const std::string text : {"", "hello", "[]"}) {
    EXPECT_THAT(ImportForest(text, "m").status().message(),
                HasSubstr("m: is not a tree model"));
  }
}

}  // namespace
}  // namespace marquee
