#include "offline/import/movielens.h"

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <utility>

#include "core/files/atomic_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/files/scratch.h"
#include "tests/paths.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;

constexpr absl::string_view kMovies =
    "movieId,title,genres\r\n"
    "1,Toy Story (1995),Animation|Comedy\r\n"
    "7,\"Story of \"\"O\"\", The (Histoire d'O) (1975)\",(no genres listed)\r\n"
    "9,Toy Story 2 (1999),Animation\r\n"
    "11,Death Note (2006\xe2\x80\x93"
    "2007),Crime\r\n"
    "12,Cosmos,Drama\r\n";

constexpr absl::string_view kItems =
    R"x({"item_id":"1","title":"Toy Story","released":"1995","franchise":"Toy Story","genres":["Animation","Comedy"]}
{"item_id":"7","title":"Story of \"O\", The (Histoire d'O)","released":"1975"}
{"item_id":"9","title":"Toy Story 2","released":"1999","franchise":"Toy Story","genres":["Animation"]}
{"item_id":"11","title":"Death Note","released":"2006","genres":["Crime"]}
{"item_id":"12","title":"Cosmos","genres":["Drama"]}
)x";

absl::StatusOr<MovieLensSummary> Import(absl::string_view movies,
                                        absl::string_view ratings) {
  EXPECT_TRUE(WriteFileAtomically(ScratchPath("movies.csv"), movies).ok());
  EXPECT_TRUE(WriteFileAtomically(ScratchPath("ratings.csv"), ratings).ok());
  std::filesystem::remove_all(ScratchPath("out"));
  return ImportMovieLens(ScratchPath(""), ScratchPath("out"), {});
}

// What is imported can be built.
TEST(MovieLens, AYearIsOneThatATitleMayHave) {
  ASSERT_TRUE(Import("movieId,title,genres\n1,Far (2150),Drama\n"
                     "2,Near (2100),Drama\n3,Old (1870),Drama\n",
                     "userId,movieId,rating,timestamp\n5,1,4.5,1000\n")
                  .ok());
  EXPECT_EQ(
      *ReadFile(ScratchPath("out/items.jsonl")),
      "{\"item_id\":\"1\",\"title\":\"Far (2150)\",\"genres\":[\"Drama\"]}\n"
      "{\"item_id\":\"2\",\"title\":\"Near\",\"released\":\"2100\","
      "\"genres\":[\"Drama\"]}\n"
      "{\"item_id\":\"3\",\"title\":\"Old\",\"released\":\"1870\","
      "\"genres\":[\"Drama\"]}\n");
}

TEST(MovieLens, BecomesTitlesUsersAndEvents) {
  const auto summary = Import(kMovies,
                              "userId,movieId,rating,timestamp\n"
                              "5,9,4.5,1000\n5,7,3.0,2000\n3,1,3.5,3000\n");
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(*ReadFile(ScratchPath("out/items.jsonl")), kItems);
  EXPECT_EQ(*ReadFile(ScratchPath("out/users.jsonl")),
            "{\"user_id\":\"5\"}\n{\"user_id\":\"3\"}\n");
  EXPECT_EQ(*ReadFile(ScratchPath("out/interactions.csv")),
            "user_id,item_id,timestamp,event,weight\n"
            "5,9,1000,like,2\n5,7,2000,seen,0\n3,1,3000,like,1\n");
  EXPECT_EQ(summary->likes, 2);
  EXPECT_EQ(summary->without_year, 1);
  EXPECT_EQ(summary->without_genre, 1);
}

TEST(MovieLens, NamesTheFaultAndWritesNothing) {
  const std::string header = "userId,movieId,rating,timestamp\n";
  const auto error = [&](absl::string_view movies, const std::string& rows) {
    const auto summary = Import(movies, header + rows);
    EXPECT_TRUE(!std::filesystem::exists(ScratchPath("out")) ||
                std::filesystem::is_empty(ScratchPath("out")));
    return std::string(summary.status().message());
  };
  EXPECT_THAT(error(kMovies, "5,8,4.5,1000\n"),
              HasSubstr("ratings.csv:2: column 2 'movieId': movies.csv has no "
                        "movie 8"));
  EXPECT_THAT(error(kMovies, "5,9,7,1000\n"),
              HasSubstr("column 3 'rating': 7 is not 0.5 to 5 stars"));
  EXPECT_THAT(error(kMovies, "5,9,4,-1\n"),
              HasSubstr("column 4 'timestamp': '-1' is not a moment"));
}

using Files = std::map<std::string, std::string>;

// A folder of these files alone, imported.
absl::StatusOr<MovieLensSummary> ImportFiles(const Files& files) {
  const std::string folder = ScratchPath("folder");
  std::filesystem::remove_all(folder);
  std::filesystem::remove_all(ScratchPath("out"));
  std::filesystem::create_directories(folder);
  for (const auto& [name, text] : files) {
    EXPECT_TRUE(WriteFileAtomically(folder + "/" + name, text).ok());
  }
  return ImportMovieLens(folder, ScratchPath("out"), {});
}

// What is said of a release in which one file has this text; nothing is
// written.
std::string FaultWith(Files files, const std::string& name,
                      const std::string& text) {
  files[name] = text;
  const auto summary = ImportFiles(files);
  EXPECT_TRUE(!std::filesystem::exists(ScratchPath("out")) ||
              std::filesystem::is_empty(ScratchPath("out")));
  return std::string(summary.status().message());
}

// As published: Latin-1, no headers.
Files OneMillion() {
  return {{"movies.dat",
           "1::Caf\xe9 Nord: The Return (1995)::Drama|Children's\n"
           "3::Quiet Harbour, The (1999)::Comedy\n"},
          {"ratings.dat", "7::3::5::978300760\n7::1::3::978302109\n"},
          {"users.dat", "7::F::1::10::48067\n"}};
}

Files HundredThousand() {
  return {
      {"u.item",
       "1|Caf\xe9 Nord (1995)|01-Jan-1995||http://example.org/?a=b|0|1|0|0|"
       "0|1|0|0|0|0|0|0|0|0|0|0|0|0|0\n"
       "2|unknown||||1|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0\n"
       "3|Dust (1990)|01-Jan-1990|||0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|1\n"},
      {"u.data", "196\t1\t3\t881250949\n186\t3\t4\t891717742\n"},
      {"u.user", "186|24|M|technician|85711\n"}};
}

constexpr absl::string_view kHundredThousandItems =
    R"x({"item_id":"1","title":"Café Nord","released":"1995","genres":["Action","Comedy"]}
{"item_id":"2","title":"unknown"}
{"item_id":"3","title":"Dust","released":"1990","genres":["Western"]}
)x";

TEST(MovieLens, ReadsTheOneMillionRelease) {
  const auto summary = ImportFiles(OneMillion());
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(*ReadFile(ScratchPath("out/items.jsonl")),
            "{\"item_id\":\"1\",\"title\":\"Caf\xc3\xa9 Nord: The Return\","
            "\"released\":\"1995\",\"genres\":[\"Drama\",\"Children's\"]}\n"
            "{\"item_id\":\"3\",\"title\":\"Quiet Harbour, The\","
            "\"released\":\"1999\",\"genres\":[\"Comedy\"]}\n");
  EXPECT_EQ(*ReadFile(ScratchPath("out/users.jsonl")), "{\"user_id\":\"7\"}\n");
  EXPECT_EQ(*ReadFile(ScratchPath("out/interactions.csv")),
            "user_id,item_id,timestamp,event,weight\n"
            "7,3,978300760,like,2.5\n7,1,978302109,seen,0\n");
  EXPECT_EQ(summary->release, "ml-1m");
  EXPECT_THAT(summary->not_read, HasSubstr("users.dat is not read: genders"));
}

TEST(MovieLens, ReadsTheHundredThousandRelease) {
  const auto summary = ImportFiles(HundredThousand());
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(*ReadFile(ScratchPath("out/items.jsonl")), kHundredThousandItems);
  EXPECT_EQ(*ReadFile(ScratchPath("out/interactions.csv")),
            "user_id,item_id,timestamp,event,weight\n"
            "196,1,881250949,seen,0\n186,3,891717742,like,1.5\n");
  EXPECT_EQ(summary->release, "ml-100k");
  EXPECT_EQ(summary->without_genre, 1);
  EXPECT_THAT(summary->not_read, HasSubstr("u.user is not read: ages"));
}

TEST(MovieLens, KnowsThePublishedGenresInTheirOrder) {
  Files files = HundredThousand();
  files["u.item"] = "1|Dust||||1|1|1|1|1|1|1|1|1|1|1|1|1|1|1|1|1|1|1\n";
  files["u.data"] = "196\t1\t3\t881250949\n";
  const auto summary = ImportFiles(files);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(*ReadFile(ScratchPath("out/items.jsonl")),
            R"x({"item_id":"1","title":"Dust","genres":["Action","Adventure",)x"
            R"x("Animation","Children's","Comedy","Crime","Documentary",)x"
            R"x("Drama","Fantasy","Film-Noir","Horror","Musical","Mystery",)x"
            R"x("Romance","Sci-Fi","Thriller","War","Western"]})x"
            "\n");
}

TEST(MovieLens, NamesGenresAsTheReleaseDoes) {
  Files files = HundredThousand();
  files["u.genre"] = "unknown|0\nLoud|1\nQuiet|2\n\n";
  files["u.item"] = "1|Dust (1990)||||0|1|1\n3|Rust (1991)||||0|0|1\n";
  const auto summary = ImportFiles(files);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(*ReadFile(ScratchPath("out/items.jsonl")),
            "{\"item_id\":\"1\",\"title\":\"Dust\",\"released\":\"1990\","
            "\"genres\":[\"Loud\",\"Quiet\"]}\n"
            "{\"item_id\":\"3\",\"title\":\"Rust\",\"released\":\"1991\","
            "\"genres\":[\"Quiet\"]}\n");
}

// Copies of these releases have been converted, and that of ten million was
// published so, with half stars.
TEST(MovieLens, LinesInUtf8StayAsTheyAre) {
  Files files = OneMillion();
  files["movies.dat"] =
      "1::Caf\xc3\xa9 (1995)::Drama\n3::Bl\xe5 \xc3\xa9 (1996)::Drama\n";
  files["ratings.dat"] = "7::3::3.5::978300760\n";
  const auto summary = ImportFiles(files);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->likes, 1);
  const std::string items = *ReadFile(ScratchPath("out/items.jsonl"));
  EXPECT_THAT(items, HasSubstr("\"Caf\xc3\xa9\""));
  EXPECT_THAT(items, HasSubstr("\"Bl\xc3\xa5 \xc3\x83\xc2\xa9\""));
}

TEST(MovieLens, NamesTheFaultOfTheOneMillionRelease) {
  const std::pair<std::pair<std::string, std::string>, std::string> faults[] = {
      {{"movies.dat", "1::A (1995)::Drama\n2::B (1996)\n"},
       "movies.dat:2: has 2 fields between '::'; must have 3: movieId, title, "
       "genres"},
      {{"movies.dat", "1::A::Drama\n1::B::Drama\n"},
       "movies.dat:2: column 1 'movieId': the movie 1 is also on line 1"},
      {{"movies.dat", "::A::Drama\n"}, "movies.dat:1: column 1 'movieId': "},
      {{"ratings.dat", "7::3::5::978300760\n7,1,3,978302109\n"},
       "ratings.dat:2: has 1 fields between '::'; must have 4: userId, "
       "movieId, rating, timestamp"},
      {{"ratings.dat", "7::4::5::978300760\n"},
       "ratings.dat:1: column 2 'movieId': movies.dat has no movie 4"},
      {{"ratings.dat", "7::3::6::978300760\n"},
       "column 3 'rating': 6 is not 0.5 to 5 stars"},
      {{"ratings.dat", "7::3::x::978300760\n"},
       "ratings.dat:1: column 3 'rating': 'x' is not a number"},
      {{"ratings.dat", "7::3::5::978300760\n\n7::3::5::-1\n"},
       "ratings.dat:3: column 4 'timestamp': '-1' is not a moment"},
      {{"ratings.dat", "::3::5::978300760\n"},
       "ratings.dat:1: column 1 'userId': "},
  };
  for (const auto& [file, what] : faults) {
    EXPECT_THAT(FaultWith(OneMillion(), file.first, file.second),
                HasSubstr(what));
  }
}

TEST(MovieLens, NamesTheFaultOfTheHundredThousandRelease) {
  const std::string flags = "0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0";
  const std::pair<std::pair<std::string, std::string>, std::string> faults[] = {
      {{"u.item", "1|A (1995)|01-Jan-1995|||" + flags + "\n"},
       "u.item:1: has 23 fields between '|'; must have 24: movieId, title, "},
      {{"u.item", "1|A (1995)||||" + flags + "|2\n"},
       "u.item:1: column 24 'Western': '2' must be 0 or 1"},
      {{"u.genre", "unknown|0\nAction|2\n"},
       "u.genre:2: column 2 'number': '2' must be 1, as the genres before it"},
      {{"u.genre", "unknown\n"},
       "u.genre:1: has 1 fields between '|'; must have 2: genre, number"},
      {{"u.data", "196 1 3 881250949\n"},
       "u.data:1: has 1 fields between '\\t'; must have 4"},
      {{"u.data", "196\t9\t3\t881250949\n"},
       "u.data:1: column 2 'movieId': u.item has no movie 9"},
  };
  for (const auto& [file, what] : faults) {
    EXPECT_THAT(FaultWith(HundredThousand(), file.first, file.second),
                HasSubstr(what));
  }
}

TEST(MovieLens, AFileOfTheLatestReleaseInLatin1IsNamed) {
  const Files files = {
      {"movies.csv", "movieId,title,genres\n1,A,Drama\n2,Caf\xe9,Drama\n"},
      {"ratings.csv", "userId,movieId,rating,timestamp\n1,1,4,1000\n"}};
  EXPECT_THAT(FaultWith(files, "other", ""),
              HasSubstr("movies.csv:3: column 2 'title': is not UTF-8; the "
                        "file is Latin-1, it seems, which iconv -f latin1 -t "
                        "utf-8 converts"));
}

TEST(MovieLens, AFolderIsOfOneRelease) {
  EXPECT_THAT(
      ImportFiles({{"notes", ""}}).status().message(),
      HasSubstr(
          "folder: is not a folder of MovieLens; must have movies.csv and "
          "ratings.csv (ml-latest) or movies.dat and ratings.dat (ml-1m) "
          "or u.item and u.data (ml-100k)"));
  EXPECT_THAT(FaultWith(OneMillion(), "u.data", ""),
              HasSubstr("has files of ml-1m and of ml-100k; must be a folder "
                        "of one release"));
  Files half = OneMillion();
  half.erase("ratings.dat");
  EXPECT_THAT(ImportFiles(half).status().message(),
              HasSubstr("ratings.dat: can not be opened"));
}

TEST(MovieLens, OtherColumnsAreIgnored) {
  const auto summary =
      Import("movieId,year,title,genres\n9,2000,Cosmos,Drama\n",
             "userId,movieId,rating,timestamp,device\n5,9,4.5,1000,tv\n");
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->items, 1);
  EXPECT_EQ(summary->likes, 1);
}

TEST(MovieLens, TheSmallDataSetHasItsKnownFranchises) {
  const char* const root = std::getenv("MARQUEE_DATA");
  const std::string directory = absl::StrCat(
      root ? root : SourceDir() + "/../shared/data", "/ml-latest-small");
  if (!std::filesystem::exists(directory)) {
    GTEST_SKIP() << "no MovieLens at " << directory
                 << "; set MARQUEE_DATA to the folder that holds it";
  }
  const auto summary = ImportMovieLens(directory, ScratchPath("ml"), {});
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->items, 9742);
  EXPECT_EQ(summary->users, 610);
  EXPECT_EQ(summary->interactions, 100836);
  const auto size = [&](absl::string_view name) {
    for (const Franchise& franchise : summary->franchises) {
      if (franchise.name == name) return franchise.titles.size();
    }
    return size_t{0};
  };
  EXPECT_EQ(size("Star Trek"), 13);
  EXPECT_EQ(size("Harry Potter"), 8);
  EXPECT_EQ(size("Mission: Impossible"), 6);
  EXPECT_EQ(size("Lord of the Rings"), 4);
  EXPECT_EQ(size("Mission"), 0);
}

}  // namespace
}  // namespace marquee
