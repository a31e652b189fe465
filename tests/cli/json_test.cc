// What subcommands print with --json can be read, whatever the call has in it.
#include "nlohmann/json.hpp"

#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/cli/run.h"

namespace marquee {
namespace {

using ::testing::EndsWith;

constexpr char kReplaced[] = "\xEF\xBF\xBD";  // U+FFFD

nlohmann::json JsonOf(const std::string& call) {
  const Result result = Marquee(call, "2>/dev/null");
  EXPECT_EQ(result.exit_code, 0) << call;
  nlohmann::json json =
      nlohmann::json::parse(result.output, nullptr, /*allow_exceptions=*/false);
  EXPECT_TRUE(json.is_object() || json.is_array()) << result.output;
  return json;
}

TEST(Json, ReplacesBytesThatAreNotUtf8) {
  const std::string data = SmallService();
  const std::string snapshots = FreshPath("snapshots\xFF");
  const nlohmann::json built =
      JsonOf(absl::StrCat("build --json --data ", data, " --embeddings ", data,
                          " --out '", snapshots, "'"));
  EXPECT_THAT(built.value("path", ""),
              EndsWith(absl::StrCat("snapshots", kReplaced, "/1")));
  const nlohmann::json verified =
      JsonOf(absl::StrCat("verify --json '", snapshots, "'"));
  ASSERT_EQ(verified.size(), 1);
  EXPECT_EQ(verified[0]["path"], built["path"]);
  const nlohmann::json answer = JsonOf(absl::StrCat(
      "recommend --json --why-not 'x\xFF' --snapshot '", snapshots, "'"));
  ASSERT_EQ(answer["outcomes"].size(), 1);
  EXPECT_EQ(answer["outcomes"][0]["item_id"], absl::StrCat("x", kReplaced));
}

// The file that a trainer writes beside its vectors, too.
TEST(Json, OfATrainerReplacesBytesThatAreNotUtf8) {
  const std::string csv = WriteScratch(
      "events.csv",
      "user_id,item_id,timestamp,event\nu,a,1,\xFF\nu,b,2,\xFF\nv,a,3,\xFF\n");
  const std::string out = FreshPath("als");
  const nlohmann::json trained = JsonOf(
      absl::StrCat("train als --json --factors 2 --iterations 1 --events '\xFF'"
                   " --interactions ",
                   csv, " --out ", out));
  EXPECT_EQ(trained["events"][0], kReplaced);
  EXPECT_TRUE(std::filesystem::exists(out + "/als.json"));
}

}  // namespace
}  // namespace marquee
