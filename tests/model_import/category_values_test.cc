#include "core/model_import/category_values.h"

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

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A split of the category 1 of feature a, which is left with the value -1.
std::string SplitOfOne() {
  return "num_leaves=2\nnum_cat=1\nsplit_feature=0\nthreshold=0\n"
         "decision_type=1\nleft_child=-1\nright_child=-2\nleaf_value=-1 1\n"
         "cat_boundaries=0 1\ncat_threshold=2\n";
}

// Of features a, b, c; the first has categories with numbers up to 2.
constexpr char kInfos[] = "-1:0:2:1 [0.5:7] [0:9]";

// `behind`: what is behind the trees.
std::string LightGbm(const std::string& infos, const std::string& behind,
                     const std::vector<std::string>& trees = {SplitOfOne()}) {
  LightGbmModel model;
  model.trees = trees;
  return absl::StrReplaceAll(model.Text(), {{"[0:1] [0:1] [0:1]", infos}}) +
         behind;
}

std::string Pandas(const std::string& lists) {
  return absl::StrCat("\npandas_categorical:", lists, "\n");
}

// `encodings`: of features 0, 1, 2. The split is of category 1 of feature 0,
// which is right with the value 1.
std::string Xgboost(const std::string& encodings) {
  XgboostModel model;
  model.base_score = "0E0";
  model.model_extra = absl::StrCat("\"cats\":{\"enc\":[", encodings,
                                   "],\"feature_segments\":[]},");
  model.trees = {absl::StrReplaceAll(
      XgboostStump("NaN", "1"),
      {{"\"split_type\":[0,", "\"split_type\":[1,"},
       {"\"categories_nodes\":[]",
        "\"categories_nodes\":[0],\"categories_segments\":[0],"
        "\"categories_sizes\":[1],\"categories\":[1]"}})};
  return model.Text();
}

constexpr char kNone[] = "{\"offsets\":[],\"values\":[]}";

double Score(const std::string& model, double a) {
  return RawScores(ImportOrDie(model), std::vector<double>{a, 0, 0})[0];
}

TEST(CategoryValues, AreWhatSplitsHave) {
  for (const std::string list :
       {"[[70, 6, 16777215]]", "[[70.0, 6.0, 0]]", "[[true, 6, 5]]"}) {
    const std::string model = LightGbm(kInfos, Pandas(list));
    EXPECT_EQ(Score(model, 6), -1) << list;
    EXPECT_EQ(Score(model, 1), 1) << list;
    EXPECT_THAT(ImportOrDie(model)->numbered_categories(), IsEmpty());
  }
  const std::string model = Xgboost(
      absl::StrCat("{\"type\":15,\"values\":[70,6]},", kNone, ",", kNone));
  EXPECT_EQ(Score(model, 6), 1);
  EXPECT_EQ(Score(model, 1), -1);
}

TEST(CategoryValues, OfASplitAscend) {
  // The categories 0 and 1 are left.
  const std::string model = LightGbm(
      kInfos, Pandas("[[7, 3, 5]]"),
      {absl::StrReplaceAll(SplitOfOne(), {{"threshold=2", "threshold=3"}})});
  EXPECT_THAT(ImportOrDie(model)->trees()[0].categories, ElementsAre(3, 7));
  EXPECT_EQ(Score(model, 7), -1);
  EXPECT_EQ(Score(model, 3), -1);
  EXPECT_EQ(Score(model, 5), 1);
}

// A list may be of a column that is used as numbers, and a categorical feature
// without one.
TEST(CategoryValues, WhoseFeatureCanNotBeToldLeaveTheNumbers) {
  const std::pair<std::string, std::string> cases[] = {
      // More lists, or fewer, than categorical features.
      {kInfos, "[[7, 3, 5], [9, 8]]"},
      {"0:1 1:0 [0.5:1]", "[[7, 3]]"},
      // The feature has had what are no numbers of the list.
      {"0:1:7 [0.5:1] [0.5:1]", "[[7, 3]]"},
      {"-2:1 [0.5:1] [0.5:1]", "[[7, 3]]"},
      {"0:2 [0.5:1] [0.5:1]", "[[7, 3]]"},
      {"0:2 1:0 [0.5:1]", "[[7, 3], [9, 8, 5]]"},
      {"0:1 2:0 [0:2]", "[[7, 3], [9, 8, 5]]"},
      // One that is no categorical feature may have had those of the list.
      {"0:1 [0:1] [0.5:1]", "[[7, 3]]"},
      {"0:1 [0.5:1] [1:1]", "[[7, 3]]"},
      {"0:1 [0.5:1] [-1:1]", "[[7, 3]]"},
      {"0:1 [0.5:1] none", "[[7, 3]]"},
      {"0:1 [0.5:1] [0:x]", "[[7, 3]]"},
      // No features.
      {"", "[[7, 3]]"},
      {"x", "[[7, 3]]"},
  };
  for (const auto& [infos, lists] : cases) {
    const std::string model = LightGbm(infos, Pandas(lists));
    EXPECT_EQ(Score(model, 1), -1) << infos;
    EXPECT_THAT(ImportOrDie(model)->numbered_categories(), ElementsAre(0));
  }
  // An ordered column, of which a tree reads the numbers.
  for (const std::string info :
       {"[0:1]", "[1:1]", "[0:2]", "[-1:1]", "[0.5:1]"}) {
    const bool may_be = info != "[0:2]" && info != "[0.5:1]";
    const std::string ordered = LightGbm(info + " [0.5:1] [0.5:1]",
                                         Pandas("[[7, 3]]"), {Stump("0.5", 0)});
    EXPECT_EQ(ImportOrDie(ordered)->numbered_categories().size(), may_be)
        << info;
  }
}

// The list is of the ordered f3, which LightGBM reads as numbers; f1 was named
// as categorical.
TEST(CategoryValues, OfAnOrderedColumnAreNotThoseOfAnotherFeature) {
  const auto forest = ImportOrDie(ReadAll(ModelPath("lgb_pandas_ordered.txt")));
  EXPECT_THAT(forest->numbered_categories(), ElementsAre(1, 3));
  EXPECT_THAT(
      ImportOrDie(ReadAll(ModelPath("lgb_pandas.txt")))->numbered_categories(),
      IsEmpty());
}

TEST(CategoryValues, ThatAreNoCategoriesLeaveTheNumbers) {
  for (const std::string list :
       {"[\"x\", \"y\"]", "[-1, 1]", "[0.5, 1.5]", "[0, 16777216]",
        "[0, 16777217]", "[0, null]", "[0, NaN]", "[[0], 1]", "[0, 1e39]",
        "[0, 1e999]", "[0, 1.00000001]"}) {
    const std::string model =
        LightGbm("0:1 [0.5:1] [0.5:1]", Pandas(absl::StrCat("[", list, "]")));
    EXPECT_EQ(Score(model, 1), -1) << list;
    EXPECT_THAT(ImportOrDie(model)->numbered_categories(), ElementsAre(0));
  }
  const std::string names = Xgboost(absl::StrCat(
      "{\"offsets\":[0,1,2],\"values\":[120,121]},", kNone, ",", kNone));
  EXPECT_EQ(Score(names, 1), 1);
  EXPECT_THAT(ImportOrDie(names)->numbered_categories(), ElementsAre(0));
}

TEST(CategoryValues, OfFeaturesThatAreNumbersTooLeaveTheNumbers) {
  const std::string model =
      LightGbm(kInfos, Pandas("[[7, 3, 5]]"), {SplitOfOne(), Stump("0.5", 0)});
  EXPECT_THAT(ImportOrDie(model)->numbered_categories(), ElementsAre(0));
}

TEST(CategoryValues, OfATermOfALeafLeaveTheNumbers) {
  const std::string model =
      LightGbm(kInfos, Pandas("[[7, 3, 5]]"),
               {SplitOfOne() + "is_linear=1\nleaf_const=0 0\nnum_features=1 0\n"
                               "leaf_features=0 \nleaf_coeff=1 \n"});
  EXPECT_THAT(ImportOrDie(model)->numbered_categories(), ElementsAre(0));
}

TEST(CategoryValues, ThatAreTheNumbersChangeNothing) {
  for (const std::string list :
       {"[[0, 1, 2]]", "[[false, true]]", "null", "[]", "[[], []]"}) {
    const std::string model = LightGbm(kInfos, Pandas(list));
    EXPECT_EQ(Score(model, 1), -1) << list;
    EXPECT_THAT(ImportOrDie(model)->numbered_categories(), IsEmpty());
  }
}

TEST(CategoryValues, OfFeaturesThatNoTreeReadsDoNotMatter) {
  const std::string model =
      Xgboost(absl::StrCat("{\"type\":15,\"values\":[70,6]},", kNone,
                           ",{\"offsets\":[0,1,2],\"values\":[120,121]},",
                           "{\"offsets\":[0,1,2],\"values\":[120,121]}"));
  EXPECT_EQ(Score(model, 6), 1);
  EXPECT_THAT(ImportOrDie(model)->numbered_categories(), IsEmpty());
}

TEST(CategoryValues, FaultsAreNamed) {
  // Two splits, of a and b, have the set 0.
  const std::string shared =
      "num_leaves=3\nnum_cat=1\nsplit_feature=0 1\nthreshold=0 0\n"
      "decision_type=1 1\nleft_child=1 -1\nright_child=-3 -2\n"
      "leaf_value=1 2 3\ncat_boundaries=0 1\ncat_threshold=2\n";
  const std::string infos = "0 [0.5:7] [0:9]";
  const std::pair<std::string, std::string> faults[] = {
      {LightGbm(infos, Pandas("[[7]]")),
       "model: tree 0: feature 0 has the category 1 of 1"},
      {LightGbm(infos, Pandas("[[7, 3, 7]]")),
       "model: feature 0 has the category 7 twice"},
      {LightGbm(infos, Pandas("[[7, 3]]"), {shared}),
       "model: tree 0: two splits have one set of categories"},
      {LightGbm(infos, Pandas("[[7, 3")), "pandas_categorical:1:"},
      {LightGbm(infos, Pandas("[[7, 3]] 4")), "pandas_categorical:1:"},
      {LightGbm(infos, Pandas("{}")), "pandas_categorical:1:"},
      {Xgboost("{\"type\":15,\"values\":[70]}"),
       "feature 0 has the category 1 of 1"},
      {Xgboost("7"), "expected"},
  };
  for (const auto& [model, what] : faults) {
    const absl::Status status = ImportForest(model, "model").status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << what;
    EXPECT_THAT(status.message(), HasSubstr(what));
  }
}

}  // namespace
}  // namespace marquee
