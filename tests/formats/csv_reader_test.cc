#include "offline/formats/csv_reader.h"

#include <cmath>
#include <string>
#include <vector>

#include "core/files/atomic_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/files/scratch.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;

using Row = std::vector<std::string>;

std::string Write(absl::string_view text) {
  const std::string path = ScratchPath("sample.csv");
  EXPECT_TRUE(WriteFileAtomically(path, text).ok());
  return path;
}

// All rows after the header, or the message of the first error.
struct Outcome {
  std::vector<Row> rows;
  std::vector<uint64_t> lines;
  std::string error;
};

Outcome ReadAll(absl::string_view text, CsvOptions options = {}) {
  Outcome outcome;
  auto csv = CsvReader::Open(Write(text), options);
  if (!csv.ok()) {
    outcome.error = std::string(csv.status().message());
    return outcome;
  }
  while (true) {
    const auto more = (*csv)->Next();
    if (!more.ok()) outcome.error = std::string(more.status().message());
    if (!more.ok() || !*more) return outcome;
    Row row;
    for (const absl::string_view cell : (*csv)->cells()) row.emplace_back(cell);
    outcome.rows.push_back(std::move(row));
    outcome.lines.push_back((*csv)->line());
  }
}

std::unique_ptr<CsvReader> FirstRow(absl::string_view text) {
  auto csv = CsvReader::Open(Write(text));
  EXPECT_TRUE(csv.ok()) << csv.status();
  EXPECT_TRUE(*(*csv)->Next());
  return *std::move(csv);
}

TEST(CsvReader, ReadsQuotesNewlinesAndCarriageReturns) {
  const Outcome outcome = ReadAll(
      "\xEF\xBB\xBF"
      "a,b\r\n"
      "1,\"x, \"\"y\"\"\nz\"\r\n"
      "\n"
      "\"\",2");
  EXPECT_EQ(outcome.error, "");
  EXPECT_THAT(outcome.rows, ElementsAre(Row{"1", "x, \"y\"\nz"}, Row{"", "2"}));
  EXPECT_THAT(outcome.lines, ElementsAre(2, 5));
}

TEST(CsvReader, AFinalNewlineIsNotARow) {
  EXPECT_EQ(ReadAll("a,b\n1,2\n").rows.size(), 1);
  EXPECT_EQ(ReadAll("a,b\n1,\"2\"\r\n").rows.size(), 1);
  EXPECT_EQ(ReadAll("a,b\n1,\"2\"\r").rows.size(), 1);
  EXPECT_EQ(ReadAll("a,b\n1,").rows[0][1], "");
}

TEST(CsvReader, AnEmptyLineIsAnEmptyCellInAFileOfOneColumn) {
  EXPECT_THAT(ReadAll("a\n1\n\n2\n").rows,
              ElementsAre(Row{"1"}, Row{""}, Row{"2"}));
}

TEST(CsvReader, TakesAnotherDelimiterNoHeaderAndNoQuotes) {
  CsvOptions options;
  options.delimiter = '\t';
  options.header = false;
  options.quotes = false;
  EXPECT_THAT(ReadAll("1\t\"x\n2\ty\"\n", options).rows,
              ElementsAre(Row{"1", "\"x"}, Row{"2", "y\""}));
}

TEST(CsvReader, RowsSurviveTheEdgeOfTheBuffer) {
  std::string text = "a,b\n";
  std::vector<Row> expected;
  for (int i = 0; i < 60'000; ++i) {
    const std::string cell(i % 97, 'x');
    text += std::to_string(i) + ",\"" + cell + "\"\"\n\"\n";
    expected.push_back({std::to_string(i), cell + "\"\n"});
  }
  const Outcome outcome = ReadAll(text);
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.rows, expected);
  EXPECT_EQ(outcome.lines.back(), 2 + 2 * 59'999);
}

TEST(CsvReader, NamesTheLineOfWhatIsMalformed) {
  EXPECT_THAT(ReadAll("a,b\n1,2\n1,2,3\n").error,
              HasSubstr("sample.csv:3: has 3 cells where the header has 2"));
  EXPECT_THAT(ReadAll("a,b\n1,2\n1,x\"y\n").error,
              HasSubstr(":3: a quote inside the unquoted cell 2"));
  EXPECT_THAT(ReadAll("a,b\n\"p\nq\",\"x\"y\n").error,
              HasSubstr(":3: text after the closing quote of cell 2"));
  EXPECT_THAT(
      ReadAll("a,b\n1,2\n\"p\nq,2\n").error,
      HasSubstr(":3: the quote that opens here, of cell 1, is never closed"));
  EXPECT_THAT(ReadAll("a,b\n\"p\nq\",\"x\n\n").error,
              HasSubstr(":3: the quote that opens here, of cell 2, is never"));
  EXPECT_THAT(ReadAll("").error, HasSubstr("must name the columns"));
}

TEST(CsvReader, BoundsTheSizeOfACell) {
  CsvOptions options;
  options.max_cell_bytes = 10;
  EXPECT_EQ(ReadAll("a\n0123456789\n", options).error, "");
  EXPECT_THAT(ReadAll("a\n01234567890\n", options).error,
              HasSubstr(":2: cell 1 is longer than 10 bytes"));
  EXPECT_THAT(
      ReadAll("a\n\"" + std::string(3 << 20, 'x'), options).error,
      HasSubstr(":2: the quote that opens here, of cell 1, is never closed "
                "within 10 bytes"));
}

TEST(CsvReader, FindsColumnsByName) {
  const auto csv = FirstRow("user,item,item\n1,2,3\n");
  EXPECT_EQ(*csv->Column("user"), 0);
  EXPECT_EQ(*csv->OptionalColumn("event"), std::nullopt);
  EXPECT_THAT(csv->Column("event").status().message(),
              HasSubstr("no column 'event'; its columns are 'user', 'item'"));
  EXPECT_THAT(csv->Column("item").status().message(),
              HasSubstr("columns 2 and 3 are both named 'item'"));
}

// The message for a column of this name.
std::string Missing(absl::string_view text, absl::string_view column) {
  return std::string(FirstRow(text)->Column(column).status().message());
}

TEST(CsvReader, TellsWhatSeparatesTheColumnsInstead) {
  const struct {
    const char* text;
    const char* separator;
  } cases[] = {
      {"user_id;item_id\n1;2\n", "';'"},
      {"user_id\titem_id\n1\t2\n", "tabs"},
      {"user_id|item_id\n1|2\n", "'|'"},
      {"user_id;weight,item_id\n1;2,5\n", ""},
  };
  for (const auto& [text, separator] : cases) {
    const std::string said = Missing(text, "user_id");
    if (*separator == '\0') {
      EXPECT_THAT(said, HasSubstr("has no column 'user_id'"));
      continue;
    }
    EXPECT_THAT(said, HasSubstr(absl::StrCat(
                          "sample.csv: cells are separated by ", separator,
                          ", not by commas: write commas")));
  }
  EXPECT_THAT(ReadAll("\"user_id\";\"item_id\"\n\"1\";\"2\"\n").error,
              HasSubstr(":1: cells are separated by ';', not by commas"));
}

TEST(CsvReader, TheLineThatExcelWritesForItselfIsNoHeader) {
  for (const char* const line : {"sep=,", "sep=;", "\"sep=,\"", "sep=\t"}) {
    EXPECT_THAT(ReadAll(absl::StrCat(line, "\r\na,b\r\n1,2\r\n")).error,
                HasSubstr("sample.csv:1: tells Excel what separates the cells, "
                          "and is not a row: delete the line"))
        << line;
  }
  EXPECT_EQ(ReadAll("a,b\nsep=,1\n").error, "");
  EXPECT_EQ(ReadAll("sep=seconds,b\n1,2\n").error, "");
}

TEST(CsvReader, ANearMissOfAColumnIsTold) {
  for (const char* const name :
       {"User_ID", "userId", "UserID", "user id", " user_id", "user_id ",
        "user-id", "usr_id", "users_id"}) {
    EXPECT_THAT(Missing(absl::StrCat("item_id,", name, "\n1,2\n"), "user_id"),
                HasSubstr(absl::StrCat("sample.csv: the column '", name,
                                       "' is probably 'user_id': rename "
                                       "it")));
  }
  EXPECT_THAT(Missing("userId,movie_id\n1,2\n", "movieId"),
              HasSubstr("'movie_id' is probably 'movieId'"));
}

TEST(CsvReader, OfManyColumnsTheFirstAreNamed) {
  const auto missing = [](int columns) {
    std::string header = "c1";
    for (int i = 2; i <= columns; ++i) absl::StrAppend(&header, ",c", i);
    return Missing(
        absl::StrCat(header, "\n1", std::string(columns - 1, ','), "\n"),
        "user_id");
  };
  EXPECT_THAT(missing(50), EndsWith("'c49', 'c50'"));
  EXPECT_THAT(missing(51), EndsWith("'c49', 'c50' and 1 more"));
}

TEST(CsvReader, NamesOfColumnsAreEscaped) {
  EXPECT_THAT(Missing("a\x1b[1m,\xff\n1,2\n", "user_id"),
              HasSubstr(R"(its columns are 'a\x1b[1m', '\xff')"));
  EXPECT_THAT(FirstRow("\x1b\nx\n")->Int64(0).status().message(),
              HasSubstr(R"(column 1 '\x1b': 'x')"));
}

TEST(CsvReader, ParsesNumbersAndNamesTheColumnOfAFault) {
  const auto csv = FirstRow(
      "i,f,d,nan,text,empty,big\n-12, +0.1 ,1e300,nan,4x,,9223372036854775808"
      "\n");
  EXPECT_EQ(*csv->Int64(0), -12);
  EXPECT_EQ(*csv->Float(1), 0.1f);
  EXPECT_EQ(*csv->Double(2), 1e300);
  EXPECT_TRUE(std::isnan(*csv->Float(3, NonFinite::kAllow)));
  EXPECT_THAT(csv->Float(3).status().message(),
              HasSubstr(":2: column 4 'nan': 'nan' is not a finite number"));
  EXPECT_THAT(csv->Double(3).status().message(), HasSubstr("1.8e308"));
  EXPECT_THAT(csv->Int64(4).status().message(),
              HasSubstr(":2: column 5 'text': '4x' is not a whole number"));
  EXPECT_THAT(csv->Double(5).status().message(),
              HasSubstr("column 6 'empty': is empty, not a number"));
  EXPECT_THAT(csv->Int64(6).status().message(), HasSubstr("does not fit"));
  EXPECT_THAT(csv->Float(2).status().message(),
              HasSubstr("'1e300' does not fit: a finite number of at most "
                        "3.4e38, with either sign, is wanted"));
}

TEST(ParseNumber, RoundsTheTooSmallToZero) {
  EXPECT_EQ(*ParseFloat("1e-60", NonFinite::kRefuse), 0.0f);
  EXPECT_EQ(*ParseFloat("1e-40", NonFinite::kRefuse), 1e-40f);
  EXPECT_FALSE(ParseFloat("1e60", NonFinite::kAllow).ok());
  EXPECT_FALSE(ParseFloat("+-1", NonFinite::kAllow).ok());
  EXPECT_FALSE(ParseFloat("0x1p3", NonFinite::kAllow).ok());
}

}  // namespace
}  // namespace marquee
