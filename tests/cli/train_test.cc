// Runs `marquee train`, as a person does.
#include <filesystem>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/cli/run.h"

namespace marquee {
namespace {

namespace fs = std::filesystem;

using ::testing::HasSubstr;

std::string Als(const std::string& data, const std::string& out) {
  return absl::StrCat("train als --factors 4 --iterations 2 --interactions ",
                      data, "/interactions.csv --out ", out);
}

// The data do not exist: what is said of --out comes before they are read.
TEST(TrainRankerCommand, LooksAtItsOutputFirst) {
  const std::string call =
      "train ranker --data nowhere --embeddings nowhere --label-from "
      "2026-05-01 --out ";
  const std::string directory = FreshPath("directory");
  fs::create_directories(directory);
  const Result in_the_way = Marquee(call + directory);
  EXPECT_EQ(in_the_way.exit_code, 1);
  EXPECT_THAT(in_the_way.output, HasSubstr(directory + ": is a directory"));
  EXPECT_FALSE(fs::exists(directory + ".tmp"));
  const std::string missing = ScratchPath("missing/ranker.json");
  const Result nowhere = Marquee(call + missing);
  EXPECT_EQ(nowhere.exit_code, 1);
  EXPECT_THAT(nowhere.output, HasSubstr(missing));
  EXPECT_THAT(nowhere.output, HasSubstr("can not be created"));
  const std::string good = FreshPath("ranker.json");
  const Result no_data = Marquee(call + good);
  EXPECT_EQ(no_data.exit_code, 1);
  EXPECT_THAT(no_data.output, HasSubstr("nowhere/interactions.csv"));
  EXPECT_FALSE(fs::exists(good + ".tmp"));
}

TEST(TrainRankerCommand, ADamagedAlsFileIsNotAnAbsentOne) {
  const std::string data = SmallService();
  std::ofstream(data + "/als.json") << "{\"until\": \"2026-";
  const Result result = Marquee(absl::StrCat(
      "train ranker --data ", data, " --embeddings ", data,
      " --label-from 2026-05-01 --out ", ScratchPath("ranker.json")));
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.output, HasSubstr(data + "/als.json: is damaged"));
}

TEST(TrainAlsCommand, LooksAtItsOutputFirst) {
  const std::string file = WriteScratch("file", "");
  const Result in_the_way = Marquee(Als("nowhere", file));
  EXPECT_EQ(in_the_way.exit_code, 1);
  EXPECT_THAT(in_the_way.output, HasSubstr(file + ": can not be made"));
  const std::string made = FreshPath("made");
  const Result no_data = Marquee(Als("nowhere", made));
  EXPECT_EQ(no_data.exit_code, 1);
  EXPECT_THAT(no_data.output, HasSubstr("nowhere/interactions.csv"));
  EXPECT_FALSE(fs::exists(made));
  const std::string found = FreshPath("found");
  fs::create_directories(found);
  EXPECT_EQ(Marquee(Als("nowhere", found)).exit_code, 1);
  EXPECT_TRUE(fs::is_empty(found));
}

TEST(TrainAlsCommand, WritesWhatABuildReads) {
  const std::string data = SmallService();
  const std::string out = FreshPath("als");
  EXPECT_EQ(Marquee(Als(data, out)).exit_code, 0);
  EXPECT_TRUE(fs::exists(out + "/als.json"));
  std::ofstream(out + "/als.json") << "";
  const Result built =
      Marquee(absl::StrCat("build --data ", data, " --embeddings ", out,
                           " --out ", FreshPath("snapshots")));
  EXPECT_EQ(built.exit_code, 1);
  EXPECT_THAT(built.output, HasSubstr(out + "/als.json: is damaged"));
}

}  // namespace
}  // namespace marquee
