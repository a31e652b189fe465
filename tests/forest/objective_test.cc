#include "core/forest/objective.h"

#include <cmath>
#include <regex>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/paths.h"
#include "tests/scoring/models.h"

namespace marquee {
namespace {

using ::testing::DoubleEq;
using ::testing::ElementsAre;
using ::testing::FloatEq;
using ::testing::HasSubstr;

// Of one row, whose raw scores are `raw`.
std::vector<double> LightGbmPredictions(const std::string& objective,
                                        std::span<const double> raw) {
  LightGbmModel model;
  model.classes = absl::StrCat("num_class=", raw.size(), "\n");
  model.objective = "objective=" + objective + "\n";
  for (const double score : raw) {
    model.trees.push_back(Constant(absl::StrCat(score)));
  }
  return Predictions(ImportOrDie(model.Text()), {{0, 0, 0}});
}

double LightGbmPrediction(const std::string& objective, double raw) {
  return LightGbmPredictions(objective, {{raw}})[0];
}

std::vector<double> XgboostPredictions(const std::string& objective,
                                       std::span<const double> raw,
                                       const std::string& version = "[3,2,0]") {
  XgboostModel model;
  model.objective = objective;
  model.version = version;
  const bool is_logistic = objective.ends_with(":logistic");
  const bool is_log = objective == "count:poisson" ||
                      objective == "reg:gamma" || objective == "reg:tweedie" ||
                      objective.starts_with("survival:");
  // All of them the margin 0.
  model.base_score = is_logistic ? "5E-1" : is_log ? "1E0" : "0E0";
  model.num_class = absl::StrCat(raw.size() == 1 ? 0 : raw.size());
  for (size_t i = 0; i < raw.size(); ++i) {
    absl::StrAppend(&model.tree_info, i == 0 ? "" : ",", i);
    model.trees.push_back(XgboostLeaf(absl::StrCat(raw[i])));
  }
  return Predictions(ImportOrDie(model.Text()), {{0, 0, 0}});
}

float XgboostPrediction(const std::string& objective, double raw) {
  return static_cast<float>(XgboostPredictions(objective, {{raw}})[0]);
}

const std::vector<std::string> kLightGbmPlain = {
    "regression",  "regression_l2", "regression_l1", "huber",
    "fair",        "quantile",      "mape",          "lambdarank",
    "rank_xendcg", "custom",        "none"};
const std::vector<std::string> kLightGbmLog = {"poisson", "gamma", "tweedie"};
const std::vector<std::string> kLightGbmShare = {"cross_entropy", "xentropy"};
const std::vector<std::string> kLightGbmLambda = {"cross_entropy_lambda",
                                                  "xentlambda"};
const std::vector<std::string> kXgboostPlain = {"reg:squarederror",
                                                "reg:linear",
                                                "reg:squaredlogerror",
                                                "reg:pseudohubererror",
                                                "reg:absoluteerror",
                                                "reg:quantileerror",
                                                "reg:expectileerror",
                                                "binary:logitraw",
                                                "rank:pairwise",
                                                "rank:ndcg",
                                                "rank:map"};
const std::vector<std::string> kXgboostLog = {"count:poisson", "reg:gamma",
                                              "reg:tweedie", "survival:cox",
                                              "survival:aft"};
const std::vector<std::string> kXgboostLogistic = {"binary:logistic",
                                                   "reg:logistic"};
// Each has its own test.
const std::vector<std::string> kSingle = {"binary",         "multiclass",
                                          "multiclassova",  "binary:hinge",
                                          "multi:softprob", "multi:softmax"};

TEST(Objective, LightGbmTransforms) {
  for (const std::string& plain : kLightGbmPlain) {
    EXPECT_EQ(LightGbmPrediction(plain, -1.5), -1.5) << plain;
  }
  for (const std::string& log : kLightGbmLog) {
    EXPECT_THAT(LightGbmPrediction(log, 0.5), DoubleEq(std::exp(0.5)));
  }
  EXPECT_THAT(LightGbmPrediction("binary sigmoid:2", 0.5),
              DoubleEq(1 / (1 + std::exp(-1.0))));
  for (const std::string& share : kLightGbmShare) {
    EXPECT_THAT(LightGbmPrediction(share, 0.5),
                DoubleEq(1 / (1 + std::exp(-0.5))));
  }
  for (const std::string& lambda : kLightGbmLambda) {
    EXPECT_THAT(LightGbmPrediction(lambda, 0.5),
                DoubleEq(std::log1p(std::exp(0.5))));
  }
}

TEST(Objective, LightGbmSquaresWhatItTrainedOnRoots) {
  for (const std::string name : {"regression", "regression_l2", "regression_l1",
                                 "fair", "quantile", "mape"}) {
    EXPECT_EQ(LightGbmPrediction(name + " sqrt", -1.5), -2.25) << name;
    EXPECT_EQ(LightGbmPrediction(name + " sqrt", 1.5), 2.25) << name;
  }
}

TEST(Objective, LightGbmReadsTheWholePartAndTheFractionOfAScaleByThemselves) {
  const auto scale = [](const std::string& text) {
    return ParseLightGbmObjective("binary sigmoid:" + text, 1)->sigmoid_scale;
  };
  EXPECT_EQ(scale("1.39244"), 1 + 0.39244);
  ASSERT_NE(1 + 0.39244, 1.39244);
  EXPECT_EQ(scale("0.7"), 0.7);
  EXPECT_EQ(scale("1e-05"), 1e-5);
  EXPECT_EQ(scale("2.5e+06"), 2.5e6);
  EXPECT_EQ(scale("1e999999999"), kInfinity);
  EXPECT_EQ(scale(std::string(2000, '9') + "." + std::string(9, '9')),
            kInfinity);
  for (const std::string wrong :
       {"", ".", "-1", "1.2.3", "1e", "1e+", "nan", "inf", "0x1", "1x"}) {
    EXPECT_FALSE(ParseLightGbmObjective("binary sigmoid:" + wrong, 1).ok())
        << wrong;
  }
}

TEST(Objective, LightGbmClasses) {
  const double sum = std::exp(-1.5) + std::exp(-0.5) + 1;
  EXPECT_THAT(LightGbmPredictions("multiclass num_class:3", {{1, 2, 2.5}}),
              ElementsAre(DoubleEq(std::exp(-1.5) / sum),
                          DoubleEq(std::exp(-0.5) / sum), DoubleEq(1 / sum)));
  EXPECT_THAT(
      LightGbmPredictions("multiclassova num_class:2 sigmoid:0.5", {{1, -2}}),
      ElementsAre(DoubleEq(1 / (1 + std::exp(-0.5))),
                  DoubleEq(1 / (1 + std::exp(1.0)))));
}

TEST(Objective, XgboostTransforms) {
  for (const std::string& plain : kXgboostPlain) {
    EXPECT_EQ(XgboostPrediction(plain, -1.5), -1.5f) << plain;
  }
  for (const std::string& log : kXgboostLog) {
    EXPECT_THAT(XgboostPrediction(log, 0.5), FloatEq(std::exp(0.5f)));
  }
  for (const std::string& logistic : kXgboostLogistic) {
    EXPECT_THAT(XgboostPrediction(logistic, 0.5),
                FloatEq(1 / (1 + std::exp(-0.5f))));
    EXPECT_GT(XgboostPrediction(logistic, -1000), 0);
  }
  EXPECT_EQ(XgboostPrediction("binary:hinge", 0.5), 1);
  EXPECT_EQ(XgboostPrediction("binary:hinge", 0), 0);
}

TEST(Objective, XgboostClasses) {
  const float sum = std::exp(-1.5f) + std::exp(-0.5f) + 1;
  const auto shares = XgboostPredictions("multi:softprob", {{1, 2, 2.5}});
  ASSERT_EQ(shares.size(), 3);
  EXPECT_THAT(static_cast<float>(shares[0]), FloatEq(std::exp(-1.5f) / sum));
  EXPECT_THAT(static_cast<float>(shares[2]), FloatEq(1 / sum));
  EXPECT_THAT(XgboostPredictions("multi:softmax", {{1, 2.5, 2.5}}),
              ElementsAre(1));
}

TEST(Objective, XgboostSortsSeveralQuantilesSince34) {
  const std::vector<double> raw = {2, 3, 1};
  EXPECT_THAT(XgboostPredictions("reg:quantileerror", raw, "[3,3,9]"),
              ElementsAre(2, 3, 1));
  for (const std::string version : {"[3,4,0]", "[3,10,0]"}) {
    EXPECT_THAT(XgboostPredictions("reg:quantileerror", raw, version),
                ElementsAre(1, 2, 3));
  }
}

TEST(Objective, XgboostAddsTheStepsOfSeveralExpectiles) {
  // With equal base scores, the margins of the steps are at their least.
  const float least = 1e-6f + std::log(-std::expm1(-1e-6f));
  const std::vector<double> values =
      XgboostPredictions("reg:expectileerror", {{2, 1, -3}});
  ASSERT_EQ(values.size(), 3);
  float sum = 2;
  EXPECT_EQ(values[0], sum);
  sum += 1e-6f + std::log1p(std::exp(1 + least));
  EXPECT_THAT(static_cast<float>(values[1]), FloatEq(sum));
  sum += 1e-6f + std::log1p(std::exp(-3 + least));
  EXPECT_THAT(static_cast<float>(values[2]), FloatEq(sum));
}

TEST(Objective, EveryNameThatIsReadIsTestedAbove) {
  std::set<std::string> tested;
  for (const auto& names :
       {kLightGbmPlain, kLightGbmLog, kLightGbmShare, kLightGbmLambda,
        kXgboostPlain, kXgboostLog, kXgboostLogistic, kSingle}) {
    tested.insert(names.begin(), names.end());
  }
  // The rows of its tables.
  const std::string source = ReadAll(SourceDir() + "/core/forest/objective.cc");
  const std::regex row("\\{\"([a-z0-9_:]+)\", ");
  std::set<std::string> read;
  for (std::sregex_iterator at(source.begin(), source.end(), row), end;
       at != end; ++at) {
    read.insert((*at)[1]);
  }
  EXPECT_EQ(read, tested);
}

TEST(Objective, RefusesWhatItDoesNotKnow) {
  for (const std::string unknown :
       {"magic", "binary alpha:1", "huber sqrt", "poisson sqrt", "binary sqrt",
        "lambdarank sigmoid:1", "binary sigmoid"}) {
    EXPECT_EQ(ParseLightGbmObjective(unknown, 1).status().code(),
              absl::StatusCode::kUnimplemented)
        << unknown;
  }
  for (const std::string wrong :
       {"binary sigmoid:x", "multiclass num_class:3"}) {
    EXPECT_EQ(ParseLightGbmObjective(wrong, 2).status().code(),
              absl::StatusCode::kDataLoss)
        << wrong;
  }
  EXPECT_THAT(FindXgboostObjective("reg:magic", 1, {}).status().message(),
              HasSubstr("'reg:magic' is not supported"));
  EXPECT_THAT(FindXgboostObjective("", 1, {}).status().message(),
              HasSubstr("is not supported"));
  for (const std::string name : {"reg:Logistic", "multi:softprob ", "rank"}) {
    EXPECT_THAT(FindXgboostObjective(name, 1, {}).status().message(),
                HasSubstr("'" + name + "' is not supported"));
  }
  EXPECT_THAT(
      FindXgboostObjective("reg:quantileerror", 2, {}).status().message(),
      HasSubstr("several quantiles is not supported without a version"));
}

TEST(Objective, BaseMarginsOfStepsUndoThem) {
  const std::vector<float> scores = {1, 1.5, 21.5, 21};
  const auto margins = BaseMargins(BaseScoreLink::kSoftplusSteps, scores, true);
  ASSERT_TRUE(margins.ok());
  EXPECT_THAT(*margins, ElementsAre(1, FloatEq(-0.4327547f),
                                    FloatEq(19.999998f), FloatEq(-13.81551f)));
  const std::vector<float> wrong = {0, NAN};
  EXPECT_FALSE(BaseMargins(BaseScoreLink::kSoftplusSteps, wrong, true).ok());
}

TEST(Objective, BaseMarginRefusesWhatNoPredictionCanBe) {
  EXPECT_FALSE(BaseMargins(BaseScoreLink::kLogit, {{1}}, false).ok());
  EXPECT_FALSE(BaseMargins(BaseScoreLink::kLogit, {{-1}}, false).ok());
  EXPECT_TRUE(BaseMargins(BaseScoreLink::kLogit, {{1}}, true).ok());
  EXPECT_FALSE(BaseMargins(BaseScoreLink::kLog, {{0}}, true).ok());
  EXPECT_FALSE(BaseMargins(BaseScoreLink::kIdentity, {{NAN}}, true).ok());
}

}  // namespace
}  // namespace marquee
