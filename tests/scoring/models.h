// Small models and data files for the tests of this folder.
#ifndef MARQUEE_TESTS_SCORING_MODELS_H_
#define MARQUEE_TESTS_SCORING_MODELS_H_

#include <charconv>
#include <fstream>
#include <iterator>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "core/forest/forest.h"
#include "core/forest/reference_scorer.h"
#include "core/forest/transform.h"
#include "core/model_import/import.h"
#include "gtest/gtest.h"
#include "tests/paths.h"

namespace marquee {

inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

inline std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::string ModelPath(absl::string_view name) {
  return absl::StrCat(SourceDir(), "/tests/models/", name);
}

// An empty cell is NaN.
template <typename T>
T ParseCell(absl::string_view cell) {
  T value = std::numeric_limits<T>::quiet_NaN();
  if (cell.empty()) return value;
  const auto result =
      std::from_chars(cell.data(), cell.data() + cell.size(), value);
  EXPECT_EQ(result.ptr, cell.data() + cell.size()) << cell;
  EXPECT_EQ(result.ec, std::errc()) << cell;
  return value;
}

inline std::vector<double> RawScores(std::shared_ptr<const Forest> forest,
                                     std::span<const double> row) {
  std::vector<double> outputs(forest->num_outputs());
  ReferenceScorer::Create(forest)->ScoreRow(row, outputs);
  return outputs;
}

inline std::vector<double> Predictions(std::shared_ptr<const Forest> forest,
                                       std::span<const double> row) {
  std::vector<double> outputs = RawScores(forest, row);
  ApplyTransform(*forest, outputs);
  outputs.resize(NumPredictions(*forest));
  return outputs;
}

// The model that the text must hold.
inline std::shared_ptr<const Forest> ImportOrDie(absl::string_view text) {
  auto forest = ImportForest(text, "model");
  EXPECT_TRUE(forest.ok()) << forest.status();
  if (!forest.ok()) std::abort();
  return *std::move(forest);
}

// A LightGBM text model of features a, b, c.
struct LightGbmModel {
  std::string version = "version=v4\n";
  std::string classes = "num_class=1\nnum_tree_per_iteration=1\n";
  std::string objective = "objective=regression\n";
  std::string extra;
  std::vector<std::string> trees;

  std::string Text() const {
    std::string text =
        absl::StrCat("tree\n", version, classes,
                     "label_index=0\nmax_feature_idx=2\n", objective, extra,
                     "feature_names=a b c\n"
                     "feature_infos=[0:1] [0:1] [0:1]\n\n");
    for (size_t i = 0; i < trees.size(); ++i) {
      absl::StrAppend(&text, "Tree=", i, "\n", trees[i], "\n\n");
    }
    return absl::StrCat(text, "end of trees\n");
  }
};

// One split: feature a, then the leaves -1 (left) and 1 (right).
inline std::string Stump(absl::string_view threshold, int decision_type) {
  return absl::StrCat("num_leaves=2\nnum_cat=0\nsplit_feature=0\nthreshold=",
                      threshold, "\ndecision_type=", decision_type,
                      "\nleft_child=-1\nright_child=-2\nleaf_value=-1 1\n"
                      "shrinkage=0.1\n");
}

inline std::string Constant(absl::string_view value) {
  return absl::StrCat("num_leaves=1\nnum_cat=0\nleaf_value=", value, "\n");
}

// An XGBoost JSON model of three features.
struct XgboostModel {
  std::string version = "[3,2,0]";
  std::string objective = "reg:squarederror";
  std::string base_score = "5E-1";
  std::string num_class = "0";
  std::string num_target = "1";
  std::string attributes = "{}";
  std::string tree_info;  // empty: all 0
  std::string booster = "gbtree";
  bool is_wrapped = false;    // the booster holds a gbtree booster
  std::string model_extra;    // fields of the model, with a comma behind
  std::string booster_extra;  // fields beside the model, with a comma behind
  std::vector<std::string> trees;

  std::string Model() const {
    std::string all;
    std::string info;
    for (size_t i = 0; i < trees.size(); ++i) {
      absl::StrAppend(&all, i == 0 ? "" : ",", "{\"id\":", i, ",", trees[i],
                      "}");
      absl::StrAppend(&info, i == 0 ? "" : ",", "0");
    }
    return absl::StrCat(
        "{\"gbtree_model_param\":{\"num_trees\":\"", trees.size(),
        "\",\"num_parallel_tree\":\"1\"},", model_extra, "\"tree_info\":[",
        tree_info.empty() ? info : tree_info, "],\"trees\":[", all, "]}");
  }
  std::string Booster() const {
    if (!is_wrapped) return absl::StrCat("\"model\":", Model());
    return absl::StrCat("\"gbtree\":{\"model\":", Model(),
                        ",\"name\":\"gbtree\"}");
  }
  std::string Text() const {
    return absl::StrCat(
        "{\"learner\":{\"attributes\":", attributes,
        ",\"feature_names\":[],\"feature_types\":[],\"gradient_booster\":{",
        booster_extra, Booster(), ",\"name\":\"", booster,
        "\"},\"learner_model_param\":{\"base_score\":\"", base_score,
        "\",\"num_class\":\"", num_class,
        "\",\"num_feature\":\"3\",\"num_target\":\"", num_target,
        "\"},\"objective\":{\"name\":\"", objective,
        "\"}},\"version\":", version, "}");
  }
};

// One split: feature 0, then the leaves -1 (left) and 1 (right).
inline std::string XgboostStump(absl::string_view threshold,
                                absl::string_view default_left) {
  return absl::StrCat(
      "\"left_children\":[1,-1,-1],\"right_children\":[2,-1,-1],"
      "\"split_indices\":[0,0,0],\"split_conditions\":[",
      threshold, ",-1,1],\"default_left\":[", default_left,
      ",0,0],\"split_type\":[0,0,0],\"categories_nodes\":[],"
      "\"tree_param\":{\"num_deleted\":\"0\",\"num_feature\":\"3\","
      "\"num_nodes\":\"3\",\"size_leaf_vector\":\"1\"}");
}

inline std::string XgboostLeaf(absl::string_view value) {
  return absl::StrCat(
      "\"left_children\":[-1],\"right_children\":[-1],\"split_indices\":[0],"
      "\"split_conditions\":[",
      value,
      "],\"default_left\":[0],\"tree_param\":{\"num_deleted\":\"0\","
      "\"num_nodes\":\"1\",\"size_leaf_vector\":\"0\"}");
}

}  // namespace marquee

#endif  // MARQUEE_TESTS_SCORING_MODELS_H_
