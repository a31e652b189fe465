// Models of tests/models against what their libraries predicted.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scoring/models.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;

struct Case {
  std::vector<double> row;
  std::vector<double> raw;
  std::vector<double> predictions;
};

std::vector<Case> ReadCases(const std::string& path, Arithmetic arithmetic) {
  const std::vector<std::string> lines =
      absl::StrSplit(ReadAll(path), '\n', absl::SkipEmpty());
  const std::vector<std::string> header = absl::StrSplit(lines.at(0), ',');
  std::vector<Case> cases;
  for (size_t i = 1; i < lines.size(); ++i) {
    const std::vector<std::string> cells = absl::StrSplit(lines[i], ',');
    Case& next = cases.emplace_back();
    for (size_t c = 0; c < cells.size(); ++c) {
      if (absl::StartsWith(header[c], "f")) {
        next.row.push_back(ParseCell<double>(cells[c]));
        continue;
      }
      const double value = arithmetic == Arithmetic::kXgboost
                               ? ParseCell<float>(cells[c])
                               : ParseCell<double>(cells[c]);
      (header[c] == "raw" ? next.raw : next.predictions).push_back(value);
    }
  }
  return cases;
}

std::vector<std::string> Models() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(ModelPath(""))) {
    std::filesystem::path path = entry.path();
    if (path.extension() == ".csv") names.push_back(path.stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::shared_ptr<const Forest> ImportNamed(const std::string& name) {
  for (const char* const extension : {".txt", ".json", ".ubj"}) {
    const std::string path = ModelPath(name + extension);
    if (std::filesystem::exists(path)) return ImportOrDie(ReadAll(path));
  }
  ADD_FAILURE() << "no model " << name;
  return nullptr;
}

// One unit in the last place of a finite number.
template <typename T>
double StepFrom(T value) {
  const T next =
      std::nextafter(std::fabs(value), std::numeric_limits<T>::max());
  return static_cast<double>(next) - static_cast<double>(std::fabs(value));
}

class Conformance : public ::testing::TestWithParam<std::string> {};

TEST_P(Conformance, RawScoresHaveTheTrainersBits) {
  const auto forest = ImportNamed(GetParam());
  const auto cases =
      ReadCases(ModelPath(GetParam() + ".csv"), forest->arithmetic());
  ASSERT_GT(cases.size(), 20);
  for (size_t i = 0; i < cases.size(); ++i) {
    const std::vector<double> raw = RawScores(forest, cases[i].row);
    // With multi:softmax, the library gives the raw score of every class.
    ASSERT_EQ(raw.size(), cases[i].raw.size());
    for (size_t k = 0; k < raw.size(); ++k) {
      EXPECT_EQ(std::bit_cast<uint64_t>(raw[k]),
                std::bit_cast<uint64_t>(cases[i].raw[k]))
          << "row " << i << " output " << k << ": " << raw[k]
          << ", the trainer " << cases[i].raw[k];
    }
  }
}

TEST_P(Conformance, PredictionsAreTheTrainers) {
  const auto forest = ImportNamed(GetParam());
  const bool is_float = forest->arithmetic() == Arithmetic::kXgboost;
  for (const Case& expected :
       ReadCases(ModelPath(GetParam() + ".csv"), forest->arithmetic())) {
    const auto predictions = Predictions(forest, expected.row);
    ASSERT_EQ(predictions.size(), expected.predictions.size());
    for (size_t k = 0; k < predictions.size(); ++k) {
      // The libraries may be built with another exp.
      const double want = expected.predictions[k];
      if (predictions[k] == want) continue;
      const double step =
          is_float ? StepFrom(static_cast<float>(want)) : StepFrom(want);
      EXPECT_NEAR(predictions[k], want, step) << "output " << k;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Models, Conformance, ::testing::ValuesIn(Models()),
                         [](const auto& info) { return info.param; });

TEST(Conformance, CoversBothLibrariesAndTheirVersions) {
  std::set<std::string> versions;
  for (const std::string& name : Models()) {
    versions.insert(name.substr(0, name.find('_')));
  }
  EXPECT_THAT(versions, ::testing::ElementsAre(
                            "lgb", "lgb20", "lgb22", "lgb23", "lgb32", "lgb33",
                            "xgb1", "xgb15", "xgb16", "xgb2", "xgb3", "xgb30",
                            "xgb31", "xgb33", "xgb34"));
}

TEST(Refusal, NamesWhatIsNotSupported) {
  const std::pair<std::string, std::string> refusals[] = {
      {"xgb3_gblinear.json", "booster 'gblinear' is not supported"},
      {"lgb22_rf.txt", "a random forest (average_output) of version 2"},
  };
  for (const auto& [name, what] : refusals) {
    const auto forest = ImportForest(ReadAll(ModelPath(name)), name);
    EXPECT_EQ(forest.status().code(), absl::StatusCode::kUnimplemented);
    EXPECT_THAT(forest.status().message(), HasSubstr(what));
    EXPECT_THAT(forest.status().message(), HasSubstr(name + ":"));
  }
}

TEST(Names, AreReadAsWritten) {
  const auto forest = ImportNamed("xgb3_squarederror");
  EXPECT_THAT(forest->feature_names(),
              ::testing::ElementsAre("age", "days since", "länge", "f3"));
}

}  // namespace
}  // namespace marquee
