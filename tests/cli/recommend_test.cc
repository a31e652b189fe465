// Runs `marquee recommend` as a user does, from a shell.
#include <fstream>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/cli/run.h"

namespace marquee {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;

std::string Times(const std::string& words, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += words;
  return all;
}

// The options are looked at before the snapshot, so none is needed.
TEST(RecommendCommand, HoldsARequestToTheLimitsOfAServer) {
  const std::string long_id(129, 'x');
  const std::string long_name(65, 'x');
  const std::pair<std::string, std::string> faults[] = {
      {"--user " + long_id, "--user: has 129 bytes, at most 128"},
      {"--similar-to " + long_id, "--similar-to: has 129 bytes, at most 128"},
      {"--country de", "--country 'de': must be two upper-case letters"},
      {"--device " + long_name, "--device: has 65 bytes, at most 64"},
      {"--language " + long_name, "--language: has 65 bytes, at most 64"},
      {"--scene " + long_name, "--scene: has 65 bytes, at most 64"},
      {"--maturity-limit 100",
       "--maturity-limit: is '100', must be a whole "
       "number of 0 to 99"},
      {"--limit 201", "--limit: is '201', must be a whole number of 1 to 200"},
      {"--limit -1", "--limit: is '-1', must be a whole number of 1 to 200"},
      {"--watched" + Times(" a", 201),
       "--watched: is given 201 times, at most "
       "200"},
      {"--watched " + long_id, "--watched: has 129 bytes, at most 128"},
      {"--exclude" + Times(" a", 2001), "--exclude: is given 2001 times"},
      {"--exclude " + long_id, "--exclude: has 129 bytes"},
      {"--why-not" + Times(" a", 21),
       "--why-not: is given 21 times, at most "
       "20"},
      {"--why-not " + long_id, "--why-not: has 129 bytes"},
      {"--filter" + Times(" a=b", 17),
       "--filter: is given 17 times, at most "
       "16"},
      {"--filter =b", "--filter '=b': must be ATTRIBUTE=VALUE"},
      {"--filter a=" + long_id, "--filter: has 129 bytes, at most 128"},
      {"--sources trending,popular",
       "--sources 'popular': must be of personal, trending, new, because, "
       "genre"},
      {"--sources Trending", "--sources 'Trending': must be of personal"},
      {"--sources new,genre,new", "--sources 'new': is named twice"},
      {"--sources new --sources new", "--sources 'new': is named twice"},
      {"--sources new --similar-to t1",
       "--sources: similar items have one source; leave it out"},
      {"--now 1969-12-31",
       "--now '1969-12-31' is not a moment in the years 1970"},
      {"--now 2107-01-01",
       "--now '2107-01-01': must be a moment from 1970 to 2106"},
      {"--now tomorrow", "write whole Unix seconds, 2026-05-01 or"},
  };
  for (const auto& [options, message] : faults) {
    const Result result = Marquee("recommend --snapshot nowhere " + options);
    EXPECT_EQ(result.exit_code, 2) << options;
    EXPECT_THAT(result.output, HasSubstr(message));
  }
}

// A row of "watch again", and a list for who has seen everything.
TEST(RecommendCommand, WhatWasSeenIsShownWhenItIsAskedFor) {
  const std::string data = SmallService();
  std::ofstream events(data + "/interactions.csv", std::ios::app);
  for (int i = 1; i <= 60; ++i) events << "u1,t" << i << ",1750000000,play,1\n";
  events.close();
  const std::string snapshots = FreshPath("snapshots");
  ASSERT_EQ(BuildSmall(data, snapshots).exit_code, 0);
  const auto ask = [&](const std::string& options) {
    return nlohmann::json::parse(
        Marquee("recommend --json --limit 5 --snapshot " + snapshots + " " +
                    options,
                "2> /dev/null")
            .output);
  };
  const auto none = ask("--user u1");
  EXPECT_EQ(none["filled"], 0);
  EXPECT_THAT(none["degradations"][0]["detail"].get<std::string>(),
              HasSubstr(" are left out as seen, which include_seen changes"));
  EXPECT_EQ(ask("--user u1 --include-seen")["filled"], 5);
  EXPECT_EQ(ask("--user u1 --only-seen")["filled"], 5);
  const auto again =
      ask("--country KR --watched t5 t7 --only-seen --include-seen");
  EXPECT_EQ(again["filled"], 2);
  for (const auto& item : again["items"]) {
    EXPECT_THAT(item["item_id"].get<std::string>(), AnyOf("t5", "t7"));
  }
}

TEST(RecommendCommand, ARowIsOfTheSourcesThatItAsksFor) {
  const std::string data = SmallService();
  const std::string snapshots = FreshPath("snapshots");
  ASSERT_EQ(BuildSmall(data, snapshots).exit_code, 0);
  const auto ask = [&](const std::string& options) {
    const Result result =
        Marquee("recommend --json --limit 4 --user u1 --snapshot " + snapshots +
                    " " + options,
                "2> /dev/null");
    EXPECT_EQ(result.exit_code, 0) << options;
    return nlohmann::json::parse(result.output);
  };
  for (const char* const source : {"trending", "because", "personal"}) {
    const auto row = ask(absl::StrCat("--sources ", source));
    EXPECT_EQ(row["filled"], 4) << source;
    for (const auto& item : row["items"]) EXPECT_EQ(item["source"], source);
  }
  const auto both = ask("--sources because,trending");
  EXPECT_EQ(both["items"][0]["source"], "trending");
  EXPECT_EQ(both["items"][1]["source"], "because");
}

TEST(RecommendCommand, TakesWhatAServerTakes) {
  const std::string data = SmallService();
  const std::string snapshots = FreshPath("snapshots");
  ASSERT_EQ(BuildSmall(data, snapshots).exit_code, 0);
  const Result result = Marquee(absl::StrCat(
      "recommend --snapshot ", snapshots, " --user u1 --limit 200 --now ",
      "2106-02-07 --watched", Times(" t1", 200), " --exclude",
      Times(" t2", 2000), " --why-not", Times(" t3", 20), " --filter",
      Times(" genre=x", 16)));
  EXPECT_EQ(result.exit_code, 0) << result.output;
}

}  // namespace
}  // namespace marquee
