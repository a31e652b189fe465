#include "core/forest/objective.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/base/status_macros.h"

namespace marquee {
namespace {

// Includes the names that older versions wrote.
struct LightGbmRow {
  absl::string_view name;
  Transform transform;
};
constexpr LightGbmRow kLightGbm[] = {
    {"regression", Transform::kIdentity},
    {"regression_l2", Transform::kIdentity},
    {"regression_l1", Transform::kIdentity},
    {"huber", Transform::kIdentity},
    {"fair", Transform::kIdentity},
    {"quantile", Transform::kIdentity},
    {"mape", Transform::kIdentity},
    {"lambdarank", Transform::kIdentity},
    {"rank_xendcg", Transform::kIdentity},
    {"custom", Transform::kIdentity},
    {"none", Transform::kIdentity},
    {"poisson", Transform::kExp},
    {"gamma", Transform::kExp},
    {"tweedie", Transform::kExp},
    {"binary", Transform::kSigmoid},
    {"multiclass", Transform::kSoftmax},
    {"multiclassova", Transform::kSigmoid},
    {"cross_entropy", Transform::kSigmoid},
    {"xentropy", Transform::kSigmoid},
    {"cross_entropy_lambda", Transform::kLog1pExp},
    {"xentlambda", Transform::kLog1pExp},
};

// Objectives that train on square roots when reg_sqrt is set. LightGBM switches
// reg_sqrt off for the others.
constexpr absl::string_view kWithSqrt[] = {
    "regression", "regression_l2", "regression_l1", "fair", "quantile", "mape"};

struct XgboostRow {
  absl::string_view name;
  XgboostObjective rule;
};
constexpr XgboostObjective kPlain = {};
constexpr XgboostObjective kLogistic = {Transform::kSigmoid,
                                        BaseScoreLink::kLogit};
constexpr XgboostObjective kLogLink = {Transform::kExp, BaseScoreLink::kLog};
constexpr XgboostRow kXgboost[] = {
    {"reg:squarederror", kPlain},
    {"reg:linear", kPlain},
    {"reg:squaredlogerror", kPlain},
    {"reg:pseudohubererror", kPlain},
    {"reg:absoluteerror", kPlain},
    {"reg:quantileerror", kPlain},
    {"reg:expectileerror", kPlain},
    {"binary:logitraw", kPlain},
    {"rank:pairwise", kPlain},
    {"rank:ndcg", kPlain},
    {"rank:map", kPlain},
    {"reg:logistic", kLogistic},
    {"binary:logistic", kLogistic},
    {"binary:hinge", {Transform::kStep, BaseScoreLink::kIdentity}},
    {"count:poisson", kLogLink},
    {"reg:gamma", kLogLink},
    {"reg:tweedie", kLogLink},
    {"survival:cox", kLogLink},
    {"survival:aft", kLogLink},
    {"multi:softprob", {Transform::kSoftmax, BaseScoreLink::kIdentity}},
    {"multi:softmax", {Transform::kArgMax, BaseScoreLink::kIdentity}},
};

absl::StatusOr<float> BaseMargin(BaseScoreLink link, float base_score,
                                 bool clamps) {
  const absl::Status fault = absl::DataLossError(
      absl::StrCat("base_score ", base_score,
                   " is not a prediction that the objective can make"));
  if (!std::isfinite(base_score)) return fault;
  if (link == BaseScoreLink::kLog) {
    if (base_score <= 0) return fault;
    return std::log(base_score);
  }
  if (link != BaseScoreLink::kLogit) return base_score;
  if (clamps && base_score >= 0 && base_score <= 1) {
    constexpr float kMargin = 1e-6f;
    base_score = std::clamp(base_score, kMargin, 1.0f - kMargin);
  }
  if (base_score <= 0 || base_score >= 1) return fault;
  // XGBoost's form of the logit: another one rounds otherwise.
  return -std::log(1.0f / base_score - 1.0f);
}

// The inverse of 1e-6 + softplus, for steps that are large enough to have one.
float StepMargin(float step) {
  constexpr float kLeast = 1e-6f;
  const float rest = std::max(step - kLeast, kLeast);
  return rest + std::log(-std::expm1(-rest));
}

absl::Status UnknownOption(absl::string_view option) {
  return absl::UnimplementedError(absl::StrCat(
      "the option '", option, "' of the objective is not supported"));
}

absl::string_view TakeDigits(absl::string_view* text) {
  size_t count = 0;
  while (count < text->size() && absl::ascii_isdigit((*text)[count])) ++count;
  const absl::string_view digits = text->substr(0, count);
  text->remove_prefix(count);
  return digits;
}

double WholeNumber(absl::string_view digits) {
  double value = 0;
  for (const char digit : digits) value = value * 10.0 + (digit - '0');
  return value;
}

double PowerOfTen(double exponent) {
  double power = 1;
  // Ends at infinity, after 309 rounds, whatever exponent the file has.
  for (; exponent > 0 && std::isfinite(power); --exponent) power *= 10.0;
  return power;
}

// Reads as LightGBM does: rounds the whole part and the fraction separately,
// then their sum. So 1.39244 does not become the nearest double. The last bit
// of the scale is several of a prediction.
bool ReadScale(absl::string_view text, double* scale) {
  const absl::string_view whole = TakeDigits(&text);
  absl::string_view fraction;
  if (absl::ConsumePrefix(&text, ".")) fraction = TakeDigits(&text);
  if (whole.empty() && fraction.empty()) return false;
  *scale =
      WholeNumber(whole) +
      WholeNumber(fraction) / PowerOfTen(static_cast<double>(fraction.size()));
  if (absl::ConsumePrefix(&text, "e")) {
    const bool divides = absl::ConsumePrefix(&text, "-");
    if (!divides) absl::ConsumePrefix(&text, "+");
    const absl::string_view exponent = TakeDigits(&text);
    if (exponent.empty()) return false;
    const double power = PowerOfTen(WholeNumber(exponent));
    *scale = divides ? *scale / power : *scale * power;
  }
  return text.empty();
}

absl::Status ApplyOption(absl::string_view name, absl::string_view option,
                         size_t num_outputs, LightGbmObjective* objective) {
  const std::vector<absl::string_view> parts = absl::StrSplit(option, ':');
  const bool is_ova = name == "multiclassova";
  if (parts[0] == "sqrt" && parts.size() == 1 &&
      std::find(std::begin(kWithSqrt), std::end(kWithSqrt), name) !=
          std::end(kWithSqrt)) {
    objective->transform = Transform::kSignedSquare;
    return absl::OkStatus();
  }
  if (parts.size() != 2) return UnknownOption(option);
  if (parts[0] == "sigmoid" && (name == "binary" || is_ova)) {
    if (ReadScale(parts[1], &objective->sigmoid_scale)) return absl::OkStatus();
    return absl::DataLossError(
        absl::StrCat("'", option, "' of the objective has no number"));
  }
  if (parts[0] == "num_class" && (name == "multiclass" || is_ova)) {
    uint64_t classes = 0;
    if (absl::SimpleAtoi(parts[1], &classes) && classes == num_outputs) {
      return absl::OkStatus();
    }
    return absl::DataLossError(absl::StrCat("'", option,
                                            "' of the objective contradicts ",
                                            num_outputs, " outputs"));
  }
  return UnknownOption(option);
}

}  // namespace

absl::StatusOr<LightGbmObjective> ParseLightGbmObjective(
    absl::string_view value, size_t num_outputs) {
  const std::vector<absl::string_view> words =
      absl::StrSplit(value, ' ', absl::SkipEmpty());
  if (words.empty()) return LightGbmObjective{};
  const auto* row = std::find_if(
      std::begin(kLightGbm), std::end(kLightGbm),
      [&](const LightGbmRow& known) { return known.name == words[0]; });
  if (row == std::end(kLightGbm)) {
    return absl::UnimplementedError(absl::StrCat(
        "the LightGBM objective '", words[0], "' is not supported"));
  }
  LightGbmObjective objective{row->transform, 1};
  for (size_t i = 1; i < words.size(); ++i) {
    MARQUEE_RETURN_IF_ERROR(
        ApplyOption(words[0], words[i], num_outputs, &objective));
  }
  return objective;
}

absl::StatusOr<XgboostObjective> FindXgboostObjective(
    absl::string_view name, size_t num_outputs,
    std::span<const int64_t> version) {
  if (num_outputs > 1 && name == "reg:expectileerror") {
    return XgboostObjective{Transform::kSoftplusSteps,
                            BaseScoreLink::kSoftplusSteps};
  }
  if (num_outputs > 1 && name == "reg:quantileerror") {
    if (version.size() < 2) {
      return absl::UnimplementedError(
          "the XGBoost objective 'reg:quantileerror' with several quantiles is "
          "not supported without a version: the order of its outputs depends "
          "on it");
    }
    constexpr int64_t kSorts[] = {3, 4};
    const bool sorts = !std::lexicographical_compare(
        version.begin(), version.end(), std::begin(kSorts), std::end(kSorts));
    return XgboostObjective{sorts ? Transform::kSort : Transform::kIdentity,
                            BaseScoreLink::kIdentity};
  }
  for (const XgboostRow& row : kXgboost) {
    if (row.name == name) return row.rule;
  }
  return absl::UnimplementedError(
      absl::StrCat("the XGBoost objective '", name, "' is not supported"));
}

absl::StatusOr<std::vector<float>> BaseMargins(
    BaseScoreLink link, std::span<const float> base_scores, bool clamps) {
  std::vector<float> margins;
  for (size_t i = 0; i < base_scores.size(); ++i) {
    MARQUEE_ASSIGN_OR_RETURN(float margin,
                             BaseMargin(link, base_scores[i], clamps));
    if (link == BaseScoreLink::kSoftplusSteps && i > 0) {
      margin = StepMargin(base_scores[i] - base_scores[i - 1]);
    }
    margins.push_back(margin);
  }
  return margins;
}

}  // namespace marquee
