#include "offline/train/xgboost_ranker.h"

#include <xgboost/c_api.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/model_import/xgboost_document.h"

namespace marquee {
namespace {

constexpr size_t kDepth = 10;  // of the NDCG that is reported
constexpr char kShownMetric[] = "ndcg@10";
// Over the whole list of candidates: ten places of a hundred users are mostly
// noise, which stops too early or too late.
constexpr char kStoppingMetric[] = "ndcg";

absl::Status Call(int result) {
  if (result == 0) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("XGBoost: ", XGBGetLastError()));
}

struct FreeMatrix {
  void operator()(DMatrixHandle matrix) const { XGDMatrixFree(matrix); }
};
struct FreeBooster {
  void operator()(BoosterHandle booster) const { XGBoosterFree(booster); }
};
using Matrix = std::unique_ptr<void, FreeMatrix>;
using Booster = std::unique_ptr<void, FreeBooster>;

// The groups of one part of the data, copied together.
struct Part {
  std::vector<float> values;
  std::vector<float> labels;
  std::vector<uint32_t> groups;
};

void Append(const RankerData& data, size_t first, uint32_t rows, Part& part) {
  const size_t features = data.feature_names.size();
  part.values.insert(part.values.end(), data.values.begin() + first * features,
                     data.values.begin() + (first + rows) * features);
  part.labels.insert(part.labels.end(), data.labels.begin() + first,
                     data.labels.begin() + first + rows);
  part.groups.push_back(rows);
}

std::pair<Part, Part> Divide(const RankerData& data, int hold_back_every) {
  Part train, held;
  // A user has a group for each moment. All are on one side.
  absl::flat_hash_map<absl::string_view, size_t> numbers;
  for (const std::string& user : data.group_users) {
    numbers.try_emplace(user, numbers.size());
  }
  size_t first = 0;
  for (size_t g = 0; g < data.group_sizes.size(); ++g) {
    const bool hold = hold_back_every > 0 && numbers.size() > 1 &&
                      numbers[data.group_users[g]] % hold_back_every == 0;
    Append(data, first, data.group_sizes[g], hold ? held : train);
    first += data.group_sizes[g];
  }
  return {std::move(train), std::move(held)};
}

// Returns the mean NDCG@10 of the rows in their present order: groups are in
// retrieval order.
double OrderNdcg(const Part& part) {
  double sum = 0;
  size_t first = 0;
  for (const uint32_t rows : part.groups) {
    const std::span<const float> labels =
        std::span(part.labels).subspan(first, rows);
    double gain = 0, ideal = 0;
    const auto likes =
        static_cast<size_t>(std::count(labels.begin(), labels.end(), 1.0f));
    for (size_t i = 0; i < std::min<size_t>(kDepth, rows); ++i) {
      gain += labels[i] / std::log2(static_cast<double>(i) + 2);
      ideal += i < likes ? 1 / std::log2(static_cast<double>(i) + 2) : 0;
    }
    sum += ideal > 0 ? gain / ideal : 0;
    first += rows;
  }
  return part.groups.empty() ? 0
                             : sum / static_cast<double>(part.groups.size());
}

std::vector<const char*> TextsOf(const std::vector<std::string>& names) {
  std::vector<const char*> texts;
  for (const std::string& name : names) texts.push_back(name.c_str());
  return texts;
}

absl::StatusOr<Matrix> MakeMatrix(const Part& part,
                                  const std::vector<std::string>& names) {
  DMatrixHandle handle = nullptr;
  MARQUEE_RETURN_IF_ERROR(Call(XGDMatrixCreateFromMat(
      part.values.data(), part.labels.size(), names.size(),
      std::numeric_limits<float>::quiet_NaN(), &handle)));
  Matrix matrix(handle);
  MARQUEE_RETURN_IF_ERROR(Call(XGDMatrixSetFloatInfo(
      handle, "label", part.labels.data(), part.labels.size())));
  MARQUEE_RETURN_IF_ERROR(Call(XGDMatrixSetUIntInfo(
      handle, "group", part.groups.data(), part.groups.size())));
  std::vector<const char*> texts = TextsOf(names);
  MARQUEE_RETURN_IF_ERROR(Call(XGDMatrixSetStrFeatureInfo(
      handle, "feature_name", texts.data(), texts.size())));
  return matrix;
}

absl::Status SetParameters(BoosterHandle booster,
                           const RankerOptions& options) {
  const std::pair<const char*, std::string> parameters[] = {
      {"booster", "gbtree"},
      {"objective", "rank:ndcg"},
      {"eval_metric", kShownMetric},
      {"eval_metric", kStoppingMetric},
      {"tree_method", "hist"},
      {"grow_policy", "lossguide"},
      {"max_depth", "0"},
      {"max_leaves", absl::StrCat(options.leaves)},
      {"max_bin", "255"},
      {"eta", absl::StrCat(options.learning_rate)},
      {"min_child_weight", absl::StrCat(options.min_leaf_weight)},
      {"subsample", "0.8"},
      {"colsample_bytree", "0.8"},
      {"seed", absl::StrCat(options.seed)},
      {"nthread", absl::StrCat(options.threads)},
      {"verbosity", "0"},
  };
  for (const auto& [name, value] : parameters) {
    MARQUEE_RETURN_IF_ERROR(
        Call(XGBoosterSetParam(booster, name, value.c_str())));
  }
  return absl::OkStatus();
}

// Returns the value of one metric in "[3]\theld-ndcg@10:0.25\theld-ndcg:0.4".
absl::StatusOr<double> ParseMetric(absl::string_view line,
                                   absl::string_view metric) {
  const std::string name = absl::StrCat("-", metric, ":");
  const size_t at = line.find(name);
  double value = 0;
  if (at != absl::string_view::npos) {
    const absl::string_view behind = line.substr(at + name.size());
    if (absl::SimpleAtod(behind.substr(0, behind.find('\t')), &value))
      return value;
  }
  return absl::InternalError(
      absl::StrCat("XGBoost gave no ", metric, ": '", line, "'"));
}

absl::StatusOr<std::string> SaveJson(BoosterHandle booster) {
  bst_ulong size = 0;
  const char* bytes = nullptr;
  MARQUEE_RETURN_IF_ERROR(Call(XGBoosterSaveModelToBuffer(
      booster, R"({"format": "json"})", &size, &bytes)));
  return std::string(bytes, size);
}

// Returns the model of the first `rounds` rounds, with the names that importers
// need.
absl::StatusOr<std::string> SaveRounds(BoosterHandle booster, int rounds,
                                       const std::vector<std::string>& names,
                                       const std::string& vectors) {
  BoosterHandle handle = nullptr;
  MARQUEE_RETURN_IF_ERROR(Call(XGBoosterSlice(booster, 0, rounds, 1, &handle)));
  const Booster sliced(handle);
  std::vector<const char*> texts = TextsOf(names);
  MARQUEE_RETURN_IF_ERROR(Call(XGBoosterSetStrFeatureInfo(
      handle, "feature_name", texts.data(), texts.size())));
  const std::string attribute(kVectorsAttribute);
  MARQUEE_RETURN_IF_ERROR(
      Call(XGBoosterSetAttr(handle, attribute.c_str(), vectors.c_str())));
  return SaveJson(handle);
}

// The mean of a metric over the last rounds. On little data one round may be
// the highest by luck; a single tree was once kept for it.
class RecentMean {
 public:
  // Returns the mean of this value and the kRounds - 1 before it; absent while
  // there are fewer.
  std::optional<double> Add(double value) {
    sum_ += value;
    values_.push_back(value);
    if (values_.size() < kRounds) return std::nullopt;
    if (values_.size() > kRounds) sum_ -= values_[values_.size() - kRounds - 1];
    return sum_ / kRounds;
  }

 private:
  static constexpr size_t kRounds = 10;
  double sum_ = 0;
  std::vector<double> values_;
};

// Boosts until the stopping metric of the held-out users stops rising. Keeps
// the rounds up to the best.
absl::StatusOr<RankerModel> Boost(
    BoosterHandle booster, DMatrixHandle train, DMatrixHandle held,
    const std::vector<std::string>& names, const RankerOptions& options,
    const std::function<void(int, double)>& progress) {
  RankerModel model;
  const char* name = "held";
  RecentMean recent;
  double highest = 0;
  int best = options.rounds;
  for (int round = 0; round < options.rounds; ++round) {
    MARQUEE_RETURN_IF_ERROR(
        Call(XGBoosterUpdateOneIter(booster, round, train)));
    double ndcg = 0;
    if (held != nullptr) {
      const char* line = nullptr;
      MARQUEE_RETURN_IF_ERROR(
          Call(XGBoosterEvalOneIter(booster, round, &held, &name, 1, &line)));
      MARQUEE_ASSIGN_OR_RETURN(ndcg, ParseMetric(line, kShownMetric));
      MARQUEE_ASSIGN_OR_RETURN(const double whole,
                               ParseMetric(line, kStoppingMetric));
      const std::optional<double> mean = recent.Add(whole);
      const bool is_best = mean && *mean > highest;
      if (is_best) highest = *mean;
      // Before there is a mean, the last round counts.
      if (is_best || !mean) {
        model.ndcg = ndcg;
        best = round + 1;
      }
    }
    if (progress) progress(round + 1, ndcg);
    if (held != nullptr && round + 1 - best >= options.patience) break;
  }
  model.trees = best;
  MARQUEE_ASSIGN_OR_RETURN(model.json,
                           SaveRounds(booster, best, names, options.vectors));
  return model;
}

}  // namespace

absl::StatusOr<RankerModel> TrainRanker(
    const RankerData& data, const RankerOptions& options,
    const std::function<void(int, double)>& progress) {
  const auto [train, held] = Divide(data, options.hold_back_every);
  MARQUEE_ASSIGN_OR_RETURN(const Matrix train_matrix,
                           MakeMatrix(train, data.feature_names));
  Matrix held_matrix;
  if (!held.groups.empty()) {
    MARQUEE_ASSIGN_OR_RETURN(held_matrix, MakeMatrix(held, data.feature_names));
  }
  const DMatrixHandle cached[] = {train_matrix.get(), held_matrix.get()};
  BoosterHandle handle = nullptr;
  MARQUEE_RETURN_IF_ERROR(
      Call(XGBoosterCreate(cached, held_matrix ? 2 : 1, &handle)));
  const Booster booster(handle);
  MARQUEE_RETURN_IF_ERROR(SetParameters(handle, options));
  MARQUEE_ASSIGN_OR_RETURN(RankerModel model,
                           Boost(handle, train_matrix.get(), held_matrix.get(),
                                 data.feature_names, options, progress));
  model.retrieval_ndcg = OrderNdcg(held);
  return model;
}

}  // namespace marquee
