#include "tests/bench/ranking_bench.h"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/base/aligned_buffer.h"
#include "core/base/clock.h"
#include "core/base/status_macros.h"
#include "core/features/feature_matrix.h"
#include "core/forest/reference_scorer.h"
#include "core/model_import/import.h"
#include "core/scoring/bit_sliced_scorer.h"
#include "core/scoring/compile_scorer.h"
#include "core/scoring/probe_rows.h"
#include "core/scoring/walk_scorer.h"
#include "core/simd/isa.h"
#include "nlohmann/json.hpp"
#include "tests/bench/largest_difference.h"
#include "tests/bench/percentile.h"
#include "tests/bench/xgboost_peer.h"

namespace marquee {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kWarmUp = 3;

// One engine and what it has shown.
struct RankingContender {
  std::string engine;
  Json parameters = Json::object();
  std::function<absl::Status(std::vector<double>&)> score;
  std::vector<double> ms;
  std::vector<double> scores;
};

void LeaveOut(absl::string_view engine, const absl::Status& why) {
  // XGBoost's own words end with a stack trace.
  const absl::string_view words = why.message();
  std::fprintf(stderr, "marquee-bench: %s is left out: %s\n",
               std::string(engine).c_str(),
               std::string(words.substr(0, words.find('\n'))).c_str());
}

RankingContender Ours(std::shared_ptr<const Scorer> engine, simd::Isa isa,
                      const FeatureMatrix& rows) {
  auto scratch =
      std::make_shared<AlignedBuffer<std::byte>>(engine->scratch_bytes());
  return {.engine = std::string(engine->name()),
          .parameters = {{"instruction_set", std::string(simd::IsaName(isa))},
                         {"scratch_bytes", engine->scratch_bytes()}},
          .score = [engine, scratch, &rows](std::vector<double>& scores) {
            engine->Score(rows, scratch->span(), scores);
            return absl::OkStatus();
          }};
}

// Those of our engines that are asked for and can score the forest, the
// bit-sliced one on every instruction set.
void AddOurs(const std::shared_ptr<const Forest>& forest,
             const RankingBenchOptions& options, const FeatureMatrix& rows,
             std::vector<RankingContender>& contenders) {
  if (options.Has("bit_sliced")) {
    const absl::Status supported = BitSlicedScorer::CheckSupported(*forest);
    if (!supported.ok()) LeaveOut(BitSlicedScorer::kName, supported);
    for (const simd::Isa isa : simd::SupportedIsas()) {
      if (!supported.ok()) break;
      contenders.push_back(
          Ours(std::make_shared<BitSlicedScorer>(*forest, isa), isa, rows));
    }
  }
  if (options.Has("walk")) {
    auto walk = CompileScorer(forest, WalkScorer::kName);
    if (walk.ok()) {
      contenders.push_back(Ours(*std::move(walk), simd::Isa::kPortable, rows));
    } else {
      LeaveOut(WalkScorer::kName, walk.status());
    }
  }
  if (options.Has("reference")) {
    contenders.push_back(
        Ours(ReferenceScorer::Create(forest), simd::Isa::kPortable, rows));
  }
}

std::vector<double> ExpectedScores(const std::shared_ptr<const Forest>& forest,
                                   const FeatureMatrix& rows) {
  std::vector<double> scores(rows.rows());
  ReferenceScorer::Create(forest)->Score(rows, {}, scores);
  return scores;
}

std::string XgboostWithVersion() {
  return absl::StrCat("xgboost ", XgboostPeer::Version());
}

void AddXgboost(const Forest& forest, const std::string& path,
                const FeatureMatrix& rows,
                std::vector<RankingContender>& contenders) {
  if (forest.arithmetic() != Arithmetic::kXgboost) {
    LeaveOut(XgboostWithVersion(),
             absl::UnavailableError("the model is LightGBM's"));
    return;
  }
  auto loaded = XgboostPeer::Load(path);
  if (!loaded.ok()) {
    LeaveOut(XgboostWithVersion(), loaded.status());
    return;
  }
  std::shared_ptr<XgboostPeer> peer = *std::move(loaded);
  std::vector<float> values;
  for (size_t row = 0; row < rows.rows(); ++row) {
    for (size_t f = 0; f < rows.features(); ++f) {
      values.push_back(rows.At(row, f));
    }
  }
  contenders.push_back(
      {.engine = "xgboost",
       .parameters = {{"version", XgboostPeer::Version()}},
       .score = [peer, values = std::move(values),
                 features = rows.features()](std::vector<double>& scores) {
         const auto raw = peer->Score(values, features);
         if (!raw.ok()) return raw.status();
         scores.assign(raw->begin(), raw->end());
         return absl::OkStatus();
       }});
}

// Versions of XGBoost read some files in different ways; ours is that of the
// version that wrote it.
void ExplainDifference(const Forest& forest, const RankingContender& contender,
                       double difference) {
  if (contender.engine != "xgboost" || difference == 0 ||
      forest.version() == XgboostPeer::Version()) {
    return;
  }
  std::fprintf(stderr,
               "marquee-bench: %s is not the version that wrote the model, "
               "which is %s, and scores it in another way\n",
               XgboostWithVersion().c_str(), forest.version().c_str());
}

// In turns, so that what else the machine does meets all of them.
absl::Status Measure(std::vector<RankingContender>& contenders, size_t rows,
                     size_t count) {
  for (size_t run = 0; run < count + kWarmUp; ++run) {
    for (RankingContender& contender : contenders) {
      contender.scores.resize(rows);
      const SteadyTime start = Clock::Real().Steady();
      MARQUEE_RETURN_IF_ERROR(contender.score(contender.scores));
      const absl::Duration time = Clock::Real().Steady() - start;
      if (run >= kWarmUp) {
        contender.ms.push_back(absl::ToDoubleMilliseconds(time));
      }
    }
  }
  return absl::OkStatus();
}

Json Describe(const Forest& forest, size_t rows,
              const RankingContender& contender,
              const std::vector<double>& expected) {
  size_t leaves = 0;
  for (const Tree& tree : forest.trees()) {
    leaves = std::max(leaves, tree.leaf_values.size());
  }
  const double p50 = Percentile(contender.ms, 0.5);
  const double difference = LargestDifference(contender.scores, expected);
  ExplainDifference(forest, contender, difference);
  return {{"engine", contender.engine},
          {"parameters", contender.parameters},
          {"rows", rows},
          {"trees", forest.trees().size()},
          {"leaves", leaves},
          {"features", forest.num_features()},
          {"p50_ms", p50},
          {"p99_ms", Percentile(contender.ms, 0.99)},
          {"ns_per_row_tree", p50 * 1e6 / static_cast<double>(rows) /
                                  static_cast<double>(forest.trees().size())},
          {"max_abs_difference", difference},
          {"requests", contender.ms.size()}};
}

}  // namespace

absl::Status BenchRanking(const RankingBenchOptions& options) {
  MARQUEE_ASSIGN_OR_RETURN(const std::shared_ptr<const Forest> forest,
                           ImportForestFile(options.model));
  MARQUEE_RETURN_IF_ERROR(CheckSingleOutput(*forest));
  constexpr size_t kMostValues = size_t{1} << 28;
  if (forest->num_features() > kMostValues / options.rows) {
    return absl::FailedPreconditionError(
        absl::StrCat(options.model, ": has ", forest->num_features(),
                     " features: too many for ", options.rows, " rows"));
  }
  const FeatureMatrix rows = MakeProbeRows(*forest, options.rows);
  std::vector<RankingContender> contenders;
  AddOurs(forest, options, rows, contenders);
  if (options.Has("xgboost")) {
    AddXgboost(*forest, options.model, rows, contenders);
  }
  if (contenders.empty()) {
    return absl::FailedPreconditionError(absl::StrCat(
        options.model, ": none of the engines that are asked for scores it"));
  }
  MARQUEE_RETURN_IF_ERROR(Measure(contenders, options.rows, options.count));
  const std::vector<double> expected = ExpectedScores(forest, rows);
  Json json = Json::array();
  for (const RankingContender& contender : contenders) {
    json.push_back(Describe(*forest, options.rows, contender, expected));
  }
  std::printf("%s\n", json.dump(1).c_str());
  return absl::OkStatus();
}

}  // namespace marquee
