// Models that others published, with the predictions of the library that made
// them. The files are not part of the repository: MARQUEE_DATA names the folder
// that has them, by default ../shared/data beside the repository.
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/paths.h"
#include "tests/scoring/models.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;

class SharedModels : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* const data = std::getenv("MARQUEE_DATA");
    folder_ = absl::StrCat(
        data != nullptr ? data : SourceDir() + "/../shared/data", "/gbdt");
    if (!std::filesystem::is_directory(folder_)) {
      GTEST_SKIP() << "no folder " << folder_
                   << "; set MARQUEE_DATA to the folder that has gbdt/";
    }
  }

  std::string Path(const std::string& name) const {
    return folder_ + "/" + name;
  }

  // Rows of numbers between any of the separators.
  std::vector<std::vector<double>> Table(const std::string& name) const {
    std::vector<std::vector<double>> rows;
    for (const absl::string_view line :
         absl::StrSplit(ReadAll(Path(name)), '\n', absl::SkipEmpty())) {
      std::vector<double>& row = rows.emplace_back();
      for (const absl::string_view cell :
           absl::StrSplit(line, absl::ByAnyChar("\t ,"), absl::SkipEmpty())) {
        row.push_back(ParseCell<double>(cell));
      }
    }
    EXPECT_FALSE(rows.empty()) << name;
    return rows;
  }

  std::shared_ptr<const Forest> Import(const std::string& name) const {
    return ImportOrDie(ReadAll(Path(name)));
  }

 private:
  std::string folder_;
};

TEST_F(SharedModels, MulticlassHasTheTrainersBits) {
  const std::string folder = "leaves/testdata/";
  const auto forest = Import(folder + "lgmulticlass.model");
  auto rows = Table(folder + "multiclass_test.tsv");
  const auto raw = Table(folder + "lgmulticlass_true_raw_predictions.txt");
  const auto predictions = Table(folder + "lgmulticlass_true_predictions.txt");
  ASSERT_EQ(rows.size(), raw.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    rows[i].erase(rows[i].begin());  // the label
    const auto sums = RawScores(forest, rows[i]);
    const auto values = Predictions(forest, rows[i]);
    for (size_t k = 0; k < sums.size(); ++k) {
      ASSERT_EQ(std::bit_cast<uint64_t>(sums[k]),
                std::bit_cast<uint64_t>(raw[i][k]))
          << "row " << i << " class " << k;
      // The trainer had another exp.
      ASSERT_NEAR(values[k], predictions[i][k], 1e-15 * predictions[i][k]);
    }
  }
}

TEST_F(SharedModels, DartGivesTheTrainersPredictions) {
  const std::string folder = "leaves/testdata/";
  const auto forest = Import(folder + "lg_dart_breast_cancer.model");
  const auto rows = Table(folder + "breast_cancer_test.tsv");
  const auto expected =
      Table(folder + "lg_dart_breast_cancer_true_predictions.txt");
  ASSERT_EQ(rows.size(), expected.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    const double value = Predictions(forest, rows[i])[0];
    ASSERT_NEAR(value, expected[i][0], 4e-16 * expected[i][0]) << "row " << i;
  }
}

TEST_F(SharedModels, EveryRowReachesTheTrainersLeafOfEveryTree) {
  const std::string folder = "leaves/testdata/";
  const auto forest = Import(folder + "lg_breast_cancer.txt");
  const auto rows = Table(folder + "lg_breast_cancer_data.txt");
  const auto leaves = Table(folder + "lg_breast_cancer_data_pred_leaves.txt");
  ASSERT_EQ(rows.size(), leaves.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    ASSERT_EQ(leaves[i].size(), forest->trees().size());
    double sum = 0;
    for (size_t t = 0; t < leaves[i].size(); ++t) {
      sum += forest->trees()[t].leaf_values[leaves[i][t]];
    }
    ASSERT_EQ(RawScores(forest, rows[i])[0], sum) << "row " << i;
  }
}

TEST_F(SharedModels, CategoricalSplitsHaveTheTrainersBits) {
  const auto forest = Import("treelite/toy_categorical_model.txt");
  const auto expected = Table("treelite/toy_categorical.test.pred");
  size_t row = 0;
  for (const absl::string_view line :
       absl::StrSplit(ReadAll(Path("treelite/toy_categorical.test")), '\n',
                      absl::SkipEmpty())) {
    // LABEL 0:VALUE 1:VALUE
    std::vector<double> values;
    for (const absl::string_view word : absl::StrSplit(line, ' ')) {
      const std::vector<absl::string_view> parts = absl::StrSplit(word, ':');
      if (parts.size() == 2) values.push_back(ParseCell<double>(parts[1]));
    }
    ASSERT_EQ(RawScores(forest, values)[0], expected.at(row)[0]) << row;
    ++row;
  }
  EXPECT_EQ(row, expected.size());
}

TEST_F(SharedModels, ThirteenClassesWithCategoriesHaveTheTrainersBits) {
  const std::string folder = "leaves/testdata/";
  const auto forest = Import(folder + "lg_kddcup99.model");
  const auto rows = Table(folder + "kddcup99_test.tsv");
  const auto expected = Table(folder + "lg_kddcup99_true_predictions.txt");
  ASSERT_EQ(rows.size(), expected.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    ASSERT_EQ(RawScores(forest, rows[i]), expected[i]) << "row " << i;
  }
}

TEST_F(SharedModels, CategoriesAndLogarithmicLinksGiveTheTrainersPredictions) {
  for (const std::string name :
       {"gamma_AvgClaimAmount", "poisson_Frequency", "tweedie_PurePremium"}) {
    const std::string path = "leaves/testdata/genlin_fmtp_" + name;
    const auto forest = Import(path + ".model");
    const auto rows = Table(path + "_features.tsv");
    const auto expected = Table(path + "_true_predictions.txt");
    ASSERT_EQ(rows.size(), expected.size());
    for (size_t i = 0; i < rows.size(); ++i) {
      // The trainer had another exp.
      ASSERT_NEAR(Predictions(forest, rows[i])[0], expected[i][0],
                  4e-16 * expected[i][0])
          << name << " row " << i;
    }
  }
}

TEST_F(SharedModels, OldRandomForestsAreRefusedByName) {
  const auto forest =
      ImportForestFile(Path("leaves/testdata/lg_rf_iris.model"));
  EXPECT_EQ(forest.status().code(), absl::StatusCode::kUnimplemented);
  EXPECT_THAT(forest.status().message(),
              HasSubstr("random forest (average_output)"));
}

}  // namespace
}  // namespace marquee
