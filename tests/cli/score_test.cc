// Runs `marquee score` as a user does, from a shell.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/cli/run.h"
#include "tests/paths.h"

namespace marquee {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

Result RunScore(const std::string& arguments) {
  return Marquee("score " + arguments);
}

// What it prints to the standard output alone.
Result ScoresOnly(const std::string& arguments) {
  return Marquee("score " + arguments, "2> /dev/null");
}

std::string Model(const std::string& name) {
  return absl::StrCat(SourceDir(), "/tests/models/", name);
}

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The cases of a model: its features as CSV, and what is expected to be
// printed.
struct Cases {
  std::string features;
  std::string raw;
  std::string predictions;
};

Cases ReadCases(const std::string& name) {
  Cases cases;
  std::vector<std::string> header;
  for (const absl::string_view line :
       absl::StrSplit(ReadAll(Model(name + ".csv")), '\n', absl::SkipEmpty())) {
    const std::vector<std::string> cells = absl::StrSplit(line, ',');
    if (header.empty()) {
      header = cells;
      continue;
    }
    // Those of no number are for another test: the command refuses them.
    if (absl::StrContains(line, "inf")) continue;
    std::vector<std::string> row, raw, predictions;
    for (size_t i = 0; i < cells.size(); ++i) {
      (header[i] == "raw"          ? raw
       : header[i] == "prediction" ? predictions
                                   : row)
          .push_back(cells[i]);
    }
    absl::StrAppend(&cases.features, absl::StrJoin(row, ","), "\n");
    absl::StrAppend(&cases.raw, absl::StrJoin(raw, ","), "\n");
    absl::StrAppend(&cases.predictions, absl::StrJoin(predictions, ","), "\n");
  }
  return cases;
}

std::vector<double> Numbers(const std::string& text) {
  std::vector<double> numbers;
  for (const absl::string_view word :
       absl::StrSplit(text, absl::ByAnyChar(",\n"), absl::SkipEmpty())) {
    numbers.push_back(std::strtod(std::string(word).c_str(), nullptr));
  }
  return numbers;
}

// The columns of the model in another order, and one that it does not have.
constexpr char kNames[] = "Column_3,x,Column_1,Column_0,Column_2";

TEST(Score, RawScoresAreTheTrainers) {
  for (const std::string name :
       {"lgb_regression", "lgb_multiclass", "lgb_rf"}) {
    const Cases cases = ReadCases(name);
    const std::string input = WriteScratch(name + ".csv", cases.features);
    const Result result = RunScore(absl::StrCat(
        "--raw --model ", Model(name + ".txt"), " --input ", input));
    EXPECT_EQ(result.exit_code, 0) << result.output;
    // The same numbers; Python has another rule for exponents.
    EXPECT_EQ(Numbers(result.output), Numbers(cases.raw));
    EXPECT_EQ(std::count(result.output.begin(), result.output.end(), '\n'),
              std::count(cases.raw.begin(), cases.raw.end(), '\n'));
  }
}

TEST(Score, XgboostPrintsTheDigitsOfFloat32) {
  const Cases cases = ReadCases("xgb3_squarederror");
  const std::string input = WriteScratch("xgb.csv", cases.features);
  const Result result = RunScore(absl::StrCat(
      "--model ", Model("xgb3_squarederror.json"), " --input ", input));
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.output, cases.predictions);
}

TEST(Score, EveryEnginePrintsTheTrainersScores) {
  for (const std::string name : {"xgb3_categorical", "xgb1_logistic"}) {
    const Cases cases = ReadCases(name);
    const std::string input = WriteScratch(name + ".csv", cases.features);
    for (const absl::string_view engine : {"bit_sliced", "reference"}) {
      const Result result =
          ScoresOnly(absl::StrCat("--raw --engine ", engine, " --model ",
                                  Model(name + ".json"), " --input ", input));
      EXPECT_EQ(result.exit_code, 0) << result.output;
      EXPECT_EQ(Numbers(result.output), Numbers(cases.raw)) << engine;
    }
  }
}

TEST(Score, ColumnsGoByName) {
  const Cases cases = ReadCases("lgb_regression");
  std::string shuffled = std::string(kNames) + "\n";
  for (const absl::string_view line :
       absl::StrSplit(cases.features, '\n', absl::SkipEmpty())) {
    const std::vector<std::string> row = absl::StrSplit(line, ',');
    absl::StrAppend(&shuffled, row[3], ",text,", row[1], ",", row[0], ",",
                    row[2], "\n");
  }
  const Result result = RunScore(
      absl::StrCat("--raw --model ", Model("lgb_regression.txt"), " --input ",
                   WriteScratch("shuffled.csv", shuffled)));
  EXPECT_EQ(result.exit_code, 0) << result.output;
  EXPECT_EQ(Numbers(result.output), Numbers(cases.raw));
}

TEST(Score, AHeaderOfOtherNamesLeavesThePositions) {
  const Cases cases = ReadCases("lgb_regression");
  const std::string model = Model("lgb_regression.txt");
  const Result result = ScoresOnly(
      absl::StrCat("--raw --model ", model, " --input ",
                   WriteScratch("other.csv", "a,b,c,d\n" + cases.features)));
  EXPECT_EQ(Numbers(result.output), Numbers(cases.raw)) << result.output;
  // A header of numbers has to be named one.
  const Result numbers = ScoresOnly(
      absl::StrCat("--raw --header yes --model ", model, " --input ",
                   WriteScratch("numbers.csv", "0,1,2,3\n" + cases.features)));
  EXPECT_EQ(Numbers(numbers.output), Numbers(cases.raw)) << numbers.output;
}

TEST(Score, TakesDelimiterIterationsAndJson) {
  const std::string model = Model("lgb_regression.txt");
  const std::string tabs = WriteScratch("tabs.tsv", "1\t2\t\t4\n1\t2\t\t4\n");
  const std::string commas = WriteScratch("commas.csv", "1,2,,4\n");
  const auto run = [&](const std::string& more) {
    return RunScore(absl::StrCat("--model ", model, " ", more));
  };
  const std::string one = run("--input " + commas).output;
  EXPECT_EQ(run("--delimiter tab --input " + tabs).output, one + one);
  EXPECT_NE(run("--iterations 1 --input " + commas).output, one);
  EXPECT_EQ(run("--iterations 4 --input " + commas).output, one);
  EXPECT_EQ(run("--json --input " + commas).output,
            "{\"predictions\": [\n" + one.substr(0, one.size() - 1) + "\n]}\n");
}

TEST(Score, AHeaderAloneHasNoPredictionsAndNothingIsAFault) {
  const std::string model = "--model " + Model("lgb_regression.txt");
  const auto input = [&](const std::string& name, const std::string& text) {
    return absl::StrCat(model, " --input ", WriteScratch(name, text), " ");
  };
  for (const std::string header :
       {"a,b,c,d\n", "Column_3,Column_1,x,Column_0,Column_2"}) {
    const Result alone = ScoresOnly(input("alone.csv", header));
    EXPECT_EQ(alone.exit_code, 0) << alone.output;
    EXPECT_EQ(alone.output, "");
  }
  EXPECT_THAT(RunScore(input("alone.csv", "a,b,c,d\n")).output,
              HasSubstr("alone.csv: has a header and no rows\n"));
  EXPECT_EQ(ScoresOnly(input("alone.csv", "a,b,c,d\n") + "--json").output,
            "{\"predictions\": []}\n");
  for (const std::string header : {"auto", "yes", "no"}) {
    const Result empty =
        RunScore(input("empty.csv", "\n") + "--header " + header);
    EXPECT_EQ(empty.exit_code, 1);
    EXPECT_THAT(empty.output, HasSubstr("empty.csv: has no row"));
  }
}

TEST(Score, AMalformedFirstRowIsNotAHeader) {
  const std::string model = "--model " + Model("lgb_regression.txt");
  const std::string input =
      model + " --input " + WriteScratch("mixed.csv", "1,2,x3,4\n1,2,3,4\n");
  const Result mixed = RunScore(input);
  EXPECT_EQ(mixed.exit_code, 1);
  EXPECT_THAT(mixed.output,
              AllOf(HasSubstr("mixed.csv:1: column 3: 'x3' is not a number"),
                    HasSubstr("--header yes")));
  const Result as_names = ScoresOnly(input + " --header yes");
  EXPECT_EQ(as_names.exit_code, 0);
  EXPECT_EQ(Numbers(as_names.output).size(), 1);
  // Cells without a value say nothing about a header.
  const Result missing = RunScore(model + " --input " +
                                  WriteScratch("missing.csv", ",,,\n,1,,\n"));
  EXPECT_EQ(missing.exit_code, 0) << missing.output;
  EXPECT_EQ(Numbers(missing.output).size(), 2);
}

// As pandas writes a table that was made of an array.
TEST(Score, ARowOfNumbersThatMayBeNamesIsAskedAbout) {
  const std::string rows = "1,0.25,0.5,3\n";
  const auto score = [&](const std::string& model, const std::string& header,
                         const std::string& more) {
    return ScoresOnly(
        absl::StrCat("--model ", model, more, " --input ",
                     WriteScratch("numbers.csv", header + "\n" + rows)));
  };
  const std::string plain = Model("lgb_regression.txt");
  const Result asked = RunScore("--model " + plain + " --input " +
                                WriteScratch("asked.csv", "0,1,2,3\n" + rows));
  EXPECT_EQ(asked.exit_code, 1);
  EXPECT_THAT(asked.output,
              AllOf(HasSubstr("asked.csv:1: the first row may be a header"),
                    HasSubstr("--header yes takes it as names, --header no")));
  EXPECT_EQ(Numbers(score(plain, "0,1,2,3", " --header yes").output).size(), 1);
  EXPECT_EQ(Numbers(score(plain, "0,1,2,3", " --header no").output).size(), 2);
  for (const std::string numbers :
       {"0,1,2,4", "1,2,3,4", "0,1,2,3.0", "3,2,1,0"}) {
    EXPECT_EQ(Numbers(score(plain, numbers, "").output).size(), 2) << numbers;
  }
  // A model that was trained on such a table has these names.
  std::string text = ReadAll(plain);
  const std::string names = "feature_names=Column_0 Column_1 Column_2 Column_3";
  const size_t at = text.find(names);
  ASSERT_NE(at, std::string::npos);
  text.replace(at, names.size(), "feature_names=3 0 2 1");
  const std::string named = WriteScratch("named.txt", text);
  EXPECT_EQ(score(named, "2,1,3,0", "").exit_code, 1);
  EXPECT_EQ(Numbers(score(named, "2,1,3,4", "").output).size(), 2);
  EXPECT_EQ(score(named, "3,0,2,1", " --header yes").output,
            score(plain, "a,b,c,d", "").output);
}

// As pandas, R and spreadsheets write them.
TEST(Score, ManyWordsAreAMissingValue) {
  const std::string model = "--model " + Model("lgb_regression.txt");
  const auto score = [&](const std::string& name, const std::string& rows) {
    const Result result =
        RunScore(model + " --input " + WriteScratch(name, rows));
    EXPECT_EQ(result.exit_code, 0) << result.output;
    return result.output;
  };
  const std::string empty = score("empty.csv", "1,,3,4\n,,,\n");
  EXPECT_NE(empty, score("other.csv", "1,2,3,4\n1,2,3,4\n"));
  for (const std::string word : {"NaN", "nan", "NA", "N/A", "n/a", " NaN\t"}) {
    const std::string all =
        absl::StrCat(word, ",", word, ",", word, ",", word, "\n");
    EXPECT_EQ(score("words.csv", absl::StrCat("1,", word, ",3,4\n", all)),
              empty);
    // Nor do they say anything about a header.
    EXPECT_EQ(Numbers(score("first.csv", all + "1,2,3,4\n")).size(), 2);
  }
}

// LightGBM writes '_' for a space; the table may have either.
TEST(Score, FindsColumnsAsTrainersWriteThem) {
  std::string text = ReadAll(Model("lgb_regression.txt"));
  const std::string names = "feature_names=Column_0 ";
  const size_t at = text.find(names);
  ASSERT_NE(at, std::string::npos);
  text.replace(at, names.size(), "feature_names=Fairy_Tale ");
  const std::string call =
      "--model " + WriteScratch("renamed.txt", text) + " --input ";
  const std::string rest = "Column_3,Column_1,other,Column_2";
  const auto score = [&](const std::string& name, const std::string& header) {
    return RunScore(call + WriteScratch(name, header + "\n1,2,3,x,4\n"));
  };
  const Result written = score("written.csv", "Fairy_Tale," + rest);
  ASSERT_EQ(written.exit_code, 0) << written.output;
  EXPECT_EQ(score("plain.csv", "Fairy Tale," + rest).output, written.output);
  const Result both =
      score("both.csv", "Fairy Tale,Column_3,Column_1,Fairy_Tale,Column_2");
  EXPECT_EQ(both.exit_code, 1);
  EXPECT_THAT(both.output,
              HasSubstr("both.csv:1: 'Fairy_Tale' may mean 'Fairy Tale' or"));
}

// XGBoost keeps the names that it is given, so the same name is the one.
TEST(Score, TakesTheSameNameOfAModelThatKeepsNames) {
  const std::string call =
      "--model " + Model("xgb3_logistic.json") + " --input ";
  const std::string row = "\n1,2,3,4,5\n";
  const Result alike =
      RunScore(call + WriteScratch("alike.csv",
                                   "age,days since,länge,f3,days_since" + row));
  EXPECT_EQ(alike.exit_code, 0) << alike.output;
  const Result written = RunScore(
      call + WriteScratch("written.csv", "age,days_since,länge,f3,x" + row));
  EXPECT_EQ(written.exit_code, 1);
  EXPECT_THAT(written.output, HasSubstr("has no column 'days since'"));
}

// A table of other names may be in another order.
TEST(Score, SaysThatAHeaderOfOtherNamesGoesByPosition) {
  const Result result =
      RunScore("--model " + Model("lgb_regression.txt") + " --input " +
               WriteScratch("case.csv",
                            "column_0,column_1,column_2,column_3\n1,2,3,4\n"));
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.output,
              AllOf(HasSubstr("case.csv: no column has the name of a feature"),
                    HasSubstr("'Column_0'); columns go by position")));
}

// A model of XGBoost, trained on arrays.
std::string WithoutNames() {
  std::string text = ReadAll(Model("xgb3_squarederror.json"));
  const std::string names =
      "\"feature_names\":[\"age\",\"days since\",\"länge\",\"f3\"]";
  const size_t at = text.find(names);
  EXPECT_NE(at, std::string::npos);
  text.replace(at, names.size(), "\"feature_names\":[]");
  return WriteScratch("nameless.json", text);
}

TEST(Score, XgboostsOwnNamesAreThoseOfAModelWithoutNames) {
  const std::string call = "--model " + WithoutNames() + " --input ";
  const Result positions =
      RunScore(call + WriteScratch("positions.csv", "1,0.25,0.5,3\n"));
  EXPECT_EQ(Numbers(positions.output).size(), 1) << positions.output;
  for (const std::string rows :
       {"f0,f1,f2,f3\n1,0.25,0.5,3\n", "f3,f2,f1,f0\n3,0.5,0.25,1\n",
        "f2,id,f0,f3,f1\n0.5,x,1,3,0.25\n"}) {
    EXPECT_EQ(RunScore(call + WriteScratch("own.csv", rows)).output,
              positions.output)
        << rows;
  }
  for (const std::string header : {"f1,f2,f3,f4", "f1,f2,f3"}) {
    const Result part =
        RunScore(call + WriteScratch("part.csv", header + "\n1,0.25,0.5,3\n"));
    EXPECT_EQ(part.exit_code, 1);
    EXPECT_THAT(part.output,
                AllOf(HasSubstr("part.csv:1: has no column 'f0'"),
                      HasSubstr("rename the columns, or leave out the")));
  }
  const std::string others = call + WriteScratch("a.csv", "a,b,c,d\n1,2,3,4\n");
  EXPECT_EQ(Numbers(ScoresOnly(others).output).size(), 1);
  EXPECT_THAT(RunScore(others).output,
              HasSubstr("a.csv: no column has the name of a feature of the "
                        "model (the first is 'f0'); columns go by position\n"));
}

TEST(Score, SaysThatEarlyStoppingFoundFewerIterationsBest) {
  const auto model = [](const std::string& best) {
    std::string text = ReadAll(Model("xgb15_logistic.json"));
    const std::string last = "\"best_iteration\":\"2\"";
    const size_t at = text.find(last);
    EXPECT_NE(at, std::string::npos);
    text.replace(at, last.size(),
                 absl::StrCat("\"best_iteration\":\"", best, "\""));
    return absl::StrCat("--model ",
                        WriteScratch("stopped" + best + ".json", text),
                        " --input ", WriteScratch("row.csv", "1,2,3,4\n"));
  };
  const Result all = RunScore(model("1"));
  EXPECT_EQ(all.exit_code, 0);
  EXPECT_THAT(all.output,
              HasSubstr("stopped1.json: early stopping found the first 2 "
                        "iterations best, all 3 are used: --iterations best "
                        "uses those, --iterations 3 is without this warning"));
  for (const std::string& quiet :
       {model("1") + " --iterations best", model("1") + " --iterations 3",
        model("2")}) {
    EXPECT_THAT(RunScore(quiet).output, Not(HasSubstr("early stopping")));
  }
}

TEST(Score, SaysThatCategoriesAreNumbers) {
  const Result result =
      RunScore("--model " + Model("xgb34_named_json.json") + " --input " +
               WriteScratch("named.csv", "age,days since,länge,f3\n1,2,3,4\n"));
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.output,
              HasSubstr("xgb34_named_json.json: the trainer has, or may have, "
                        "numbered the categories of 'f3': "));
}

TEST(Score, NamesTheFault) {
  const std::string good = WriteScratch("good.csv", "1,2,3,4\n");
  const std::string model = "--model " + Model("lgb_regression.txt");
  const std::pair<std::string, std::pair<int, std::string>> faults[] = {
      {model + " --input " + WriteScratch("bad.csv", "1,2,3,4\n1,x,3,4\n"),
       {1, "bad.csv:2: column 2"}},
      {model + " --input " + WriteScratch("inf.csv", "1,2,3,4\n1,inf,3,4\n"),
       {1, "inf.csv:2: column 2"}},
      {model + " --input " + WriteScratch("null.csv", "1,2,3,4\n1,nil,3,4\n"),
       {1,
        "'nil' is not a number; an empty cell, NaN, NA and N/A are missing "
        "values"}},
      {model + " --input " + WriteScratch("wide.csv", "1,2,3,4,5\n"),
       {1, "has 5 columns, the model has 4 features"}},
      {model + " --input " + WriteScratch("semicolons.csv", "1;2;3;4\n"),
       {1,
        "semicolons.csv:1: cells are separated by ';', not by commas: "
        "--delimiter says what separates them"}},
      {model + " --input " +
           WriteScratch("part.csv", "Column_0,b,c,d\n1,2,3,4\n"),
       {1, "part.csv:1: has no column 'Column_1'"}},
      {model + " --input " +
           WriteScratch("twice.csv",
                        "Column_0,Column_0,Column_1,Column_2,Column_3\n"),
       {1, "has two columns 'Column_0'"}},
      {model + " --input /nowhere.csv", {1, "/nowhere.csv"}},
      {model + " --iterations 5 --input " + good, {2, "has 4 iterations"}},
      {model + " --iterations best --input " + good,
       {2, "names no best iteration"}},
      {model + " --iterations 0 --input " + good,
       {2, "must be a whole number of 1"}},
      {model + " --engine warp --input " + good,
       {2, "--engine: no scoring engine 'warp'; there are: bit_sliced"}},
      {"--engine bit_sliced --model " + Model("lgb_multiclass.txt") +
           " --input " + good,
       {2, "has 3 outputs"}},
      {model + " --delimiter ab --input " + good, {2, "--delimiter"}},
      {model, {2, "--input"}},
      {"--model " + good + " --input " + good, {1, "is not a tree model"}},
      {"--model " + Model("xgb3_gblinear.json") + " --input " + good,
       {1, "gblinear"}},
  };
  for (const auto& [arguments, expected] : faults) {
    const Result result = RunScore(arguments);
    EXPECT_EQ(result.exit_code, expected.first) << result.output;
    EXPECT_THAT(result.output, HasSubstr(expected.second));
  }
}

}  // namespace
}  // namespace marquee
