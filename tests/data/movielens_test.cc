#include "offline/data/movielens.h"

#include <cstdlib>
#include <filesystem>
#include <string>

#include "core/base/atomic_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/data/scratch.h"

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
              HasSubstr("column 4 'timestamp': '-1' is no moment"));
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
      root ? root : MARQUEE_SOURCE_DIR "/../shared/data", "/ml-latest-small");
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
