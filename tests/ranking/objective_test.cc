#include "core/ranking/objective.h"

#include <cmath>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/ranking/models.h"

namespace marquee {
namespace {

using ::testing::DoubleEq;
using ::testing::ElementsAre;
using ::testing::FloatEq;
using ::testing::HasSubstr;

double LightGbmPrediction(const std::string& objective, double raw) {
  LightGbmModel model;
  model.objective = "objective=" + objective + "\n";
  model.trees = {Constant(absl::StrCat(raw))};
  return Predictions(ImportOrDie(model.Text()), {{0, 0, 0}})[0];
}

double XgboostPrediction(const std::string& objective, double raw) {
  XgboostModel model;
  model.objective = objective;
  model.base_score = objective == "binary:logistic" ? "5E-1" : "1E0";
  model.trees = {XgboostLeaf(absl::StrCat(raw))};
  return Predictions(ImportOrDie(model.Text()), {{0, 0, 0}})[0];
}

TEST(Objective, LightGbmTransforms) {
  for (const std::string plain :
       {"regression", "regression_l1", "huber", "fair", "quantile", "mape",
        "lambdarank", "rank_xendcg", "custom"}) {
    EXPECT_EQ(LightGbmPrediction(plain, -1.5), -1.5) << plain;
  }
  EXPECT_EQ(LightGbmPrediction("regression sqrt", -1.5), -2.25);
  for (const std::string log : {"poisson", "gamma", "tweedie"}) {
    EXPECT_THAT(LightGbmPrediction(log, 0.5), DoubleEq(std::exp(0.5)));
  }
  EXPECT_THAT(LightGbmPrediction("binary sigmoid:2", 0.5),
              DoubleEq(1 / (1 + std::exp(-1.0))));
  EXPECT_THAT(LightGbmPrediction("cross_entropy", 0.5),
              DoubleEq(1 / (1 + std::exp(-0.5))));
  EXPECT_THAT(LightGbmPrediction("cross_entropy_lambda", 0.5),
              DoubleEq(std::log1p(std::exp(0.5))));
}

TEST(Objective, XgboostTransforms) {
  for (const std::string plain :
       {"reg:squarederror", "reg:squaredlogerror", "reg:pseudohubererror",
        "reg:absoluteerror", "binary:logitraw", "rank:pairwise", "rank:ndcg",
        "rank:map"}) {
    EXPECT_EQ(XgboostPrediction(plain, -1.5), -0.5) << plain;
  }
  for (const std::string log : {"count:poisson", "reg:gamma", "reg:tweedie",
                                "survival:cox", "survival:aft"}) {
    EXPECT_THAT(static_cast<float>(XgboostPrediction(log, 0.5)),
                FloatEq(std::exp(0.5f)));
  }
  EXPECT_THAT(static_cast<float>(XgboostPrediction("binary:logistic", 0.5)),
              FloatEq(1 / (1 + std::exp(-0.5f))));
  EXPECT_GT(XgboostPrediction("binary:logistic", -1000), 0);
  EXPECT_EQ(XgboostPrediction("binary:hinge", -0.5), 1);
  EXPECT_EQ(XgboostPrediction("binary:hinge", -1), 0);
}

TEST(Objective, RefusesWhatItDoesNotKnow) {
  for (const std::string unknown : {"magic", "binary alpha:1", "huber sqrt",
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
  EXPECT_THAT(FindXgboostObjective("reg:magic", 1).status().message(),
              HasSubstr("'reg:magic' is not supported"));
  EXPECT_THAT(FindXgboostObjective("", 1).status().message(),
              HasSubstr("is not supported"));
  EXPECT_TRUE(FindXgboostObjective("reg:quantileerror", 1).ok());
  EXPECT_THAT(FindXgboostObjective("reg:quantileerror", 2).status().message(),
              HasSubstr("several quantiles"));
}

TEST(Objective, BaseMarginRefusesWhatNoPredictionCanBe) {
  EXPECT_FALSE(BaseMargin(BaseScoreLink::kLogit, 1, false).ok());
  EXPECT_FALSE(BaseMargin(BaseScoreLink::kLogit, -1, false).ok());
  EXPECT_TRUE(BaseMargin(BaseScoreLink::kLogit, -1, true).ok());
  EXPECT_FALSE(BaseMargin(BaseScoreLink::kLog, 0, true).ok());
  EXPECT_FALSE(BaseMargin(BaseScoreLink::kIdentity, NAN, true).ok());
}

}  // namespace
}  // namespace marquee
