// Runs `marquee evaluate` as a user does, from a shell.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/cli/run.h"

namespace marquee {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(EvaluateCommand, SplitsTrainsBuildsAndJudges) {
  const std::string data = ScratchPath("data");
  ASSERT_EQ(Marquee("synth --users 60 --items 80 --out " + data).exit_code, 0);
  const Result split =
      Marquee(absl::StrCat("evaluate split --interactions ", data,
                           "/interactions.csv --holdout 0.25 --out ", data));
  ASSERT_EQ(split.exit_code, 0) << split.output;
  EXPECT_THAT(split.output,
              AllOf(HasSubstr("train "), HasSubstr("of 60 users")));
  ASSERT_EQ(Marquee(absl::StrCat("train als --factors 8 --iterations 3 "
                                 "--interactions ",
                                 data, "/train.csv --out ", data, "/als"))
                .exit_code,
            0);
  // What the snapshot knows is the training part.
  ASSERT_EQ(std::rename((data + "/train.csv").c_str(),
                        (data + "/interactions.csv").c_str()),
            0);
  const Result built =
      Marquee(absl::StrCat("build --data ", data, " --embeddings ", data,
                           "/als --out ", data, "/snapshots"));
  ASSERT_EQ(built.exit_code, 0) << built.output;
  const std::string funnel =
      absl::StrCat("evaluate funnel --snapshot ", data, "/snapshots --test ",
                   data, "/test.csv --k-recall 20");
  const Result text = Marquee(funnel);
  ASSERT_EQ(text.exit_code, 0) << text.output;
  EXPECT_THAT(text.output, AllOf(HasSubstr("Recall@20"), HasSubstr("NDCG@10"),
                                 HasSubstr("popularity"), HasSubstr("als"),
                                 HasSubstr("funnel -"),
                                 HasSubstr("because"), HasSubstr("older")));
  const Result json = Marquee(funnel + " --json", "2>/dev/null");
  const nlohmann::json report =
      nlohmann::json::parse(json.output, nullptr, /*allow_exceptions=*/false);
  ASSERT_TRUE(report.is_object()) << json.output;
  EXPECT_EQ(report["contenders"].size(), 11);
  EXPECT_GT(report["users"], 10);
  const nlohmann::json& gain = report["contenders"][0]["funnel_gain"]["ndcg"];
  EXPECT_LE(gain["low"], gain["high"]);
  EXPECT_EQ(report["sources"].size(), 5);
  EXPECT_EQ(report["users_with_vector"]["users"].get<int>() +
                report["users_without_vector"]["users"].get<int>(),
            report["users"]);
}

// A test of ids that nothing knows judges nothing.
TEST(EvaluateCommand, WhatMatchesNothingIsRefusedOrCounted) {
  const std::string data = FreshPath("data");
  const std::string csv = data + "/interactions.csv";
  ASSERT_EQ(Marquee("synth --users 60 --items 80 --out " + data).exit_code, 0);
  ASSERT_EQ(Marquee("evaluate split --out " + data + " --interactions " + csv)
                .exit_code,
            0);
  ASSERT_EQ(Marquee(absl::StrCat("train als --factors 4 --iterations 1 "
                                 "--interactions ",
                                 data, "/train.csv --out ", data, "/als"))
                .exit_code,
            0);
  std::filesystem::rename(data + "/train.csv", csv);
  ASSERT_EQ(Marquee(absl::StrCat("build --data ", data, " --embeddings ", data,
                                 "/als --out ", data, "/snapshots"))
                .exit_code,
            0);
  std::ifstream in(data + "/test.csv");
  const std::string test(std::istreambuf_iterator<char>(in), {});
  const auto judge = [&](const std::string& text, const std::string& more) {
    std::ofstream(data + "/other.csv") << text;
    return Marquee(
        absl::StrCat("evaluate funnel --allow-other-history --snapshot ", data,
                     "/snapshots --test ", data, "/other.csv ", more));
  };
  EXPECT_THAT(judge(test, "").output, Not(HasSubstr("other.csv:")));
  const std::string one = test + "u1,gone,1780000000,play,1\n";
  const Result counted = judge(one, "");
  EXPECT_EQ(counted.exit_code, 0) << counted.output;
  EXPECT_THAT(counted.output,
              HasSubstr("rows' items are not in " + data +
                        "/snapshots/1, such as 'gone': they are left out"));
  const std::string items =
      std::regex_replace(test, std::regex(",(t[0-9]+),"), ",$1.0,");
  const Result refused = judge(items, "");
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.output, AllOf(HasSubstr("rows' items are not in "),
                                    HasSubstr("ids there look like 't")));
  const std::string people = std::regex_replace(test, std::regex("\nu"), "\nU");
  EXPECT_THAT(judge(people, "").output,
              AllOf(HasSubstr("users are not in "), HasSubstr("'U")));
  EXPECT_EQ(judge(people, "--allow-unmatched").exit_code, 0);
  // New users may be many.
  const Result grown = judge(test + people.substr(people.find('\n') + 1), "");
  EXPECT_EQ(grown.exit_code, 0) << grown.output;
  EXPECT_THAT(grown.output, HasSubstr(": they count as new users"));
}

// What is sent twice must not be both learnt and asked for.
TEST(EvaluateCommand, ASplitPutsNoRowIntoBothParts) {
  const std::string data = FreshPath("data");
  std::string rows;
  for (int i = 0; i < 20; ++i) {
    absl::StrAppend(&rows, "u", i % 2, ",t", i, ",17600000", 10 + i, "\n");
  }
  const std::string csv =
      WriteScratch("twice.csv", "user_id,item_id,timestamp\n" + rows + rows);
  const Result split =
      Marquee("evaluate split --interactions " + csv + " --out " + data);
  EXPECT_THAT(split.output, AllOf(HasSubstr("warning: " + csv +
                                            ": 20 rows are copies of others"),
                                  HasSubstr("train       16 interactions"),
                                  HasSubstr("test        4 interactions")));
  const std::string rated = WriteScratch(
      "rated.csv", "user_id,item_id,timestamp,rating\n" +
                       absl::StrReplaceAll(rows, {{"\n", ",3\n"}}));
  EXPECT_THAT(
      Marquee("evaluate split --interactions " + rated + " --out " + data)
          .output,
      HasSubstr("not read: 'rating'"));
}

// A number that is better because the test is known is none.
TEST(EvaluateCommand, RefusesWhatHasSeenTheTest) {
  const std::string data = ScratchPath("data");
  ASSERT_EQ(Marquee("synth --users 60 --items 80 --out " + data).exit_code, 0);
  ASSERT_EQ(Marquee(absl::StrCat("evaluate split --interactions ", data,
                                 "/interactions.csv --out ", data))
                .exit_code,
            0);
  const std::string all = data + "/all_als";
  ASSERT_EQ(Marquee(absl::StrCat("train als --factors 4 --iterations 1 "
                                 "--interactions ",
                                 data, "/interactions.csv --out ", all))
                .exit_code,
            0);
  const auto judge = [&](const std::string& snapshots) {
    EXPECT_EQ(Marquee(absl::StrCat("build --data ", data, " --embeddings ", all,
                                   " --out ", snapshots))
                  .exit_code,
              0);
    return absl::StrCat("evaluate funnel --snapshot ", snapshots, " --test ",
                        data, "/test.csv");
  };
  const Result history = Marquee(judge(data + "/all"));
  EXPECT_EQ(history.exit_code, 1);
  EXPECT_THAT(history.output, HasSubstr("is not made of the training part"));
  ASSERT_EQ(std::rename((data + "/train.csv").c_str(),
                        (data + "/interactions.csv").c_str()),
            0);
  const std::string call = judge(data + "/train");
  const Result vectors = Marquee(call);
  EXPECT_EQ(vectors.exit_code, 1);
  EXPECT_THAT(vectors.output,
              AllOf(HasSubstr("the vectors of "),
                    HasSubstr("may have seen the rows of the evaluation")));
  EXPECT_EQ(Marquee(call + " --allow-other-history").exit_code, 0);
}

// Vectors and history that agree with each other may both know too much.
TEST(EvaluateCommand, ASplitKnowsItsTrainingPart) {
  const std::string data = ScratchPath("data");
  ASSERT_EQ(
      Marquee("synth --users 60 --items 80 --now 2026-06-01 --out " + data)
          .exit_code,
      0);
  const auto funnel_until = [&](const std::string& until) {
    const std::string vectors = FreshPath("als");
    const std::string snapshots = FreshPath("snapshots");
    EXPECT_EQ(Marquee(absl::StrCat("train als --factors 4 --iterations 1 "
                                   "--interactions ",
                                   data, "/interactions.csv --out ", vectors,
                                   " --until ", until))
                  .exit_code,
              0);
    EXPECT_EQ(
        Marquee(absl::StrCat("build --data ", data, " --embeddings ", vectors,
                             " --out ", snapshots, " --until ", until))
            .exit_code,
        0);
    return Marquee(absl::StrCat("evaluate funnel --snapshot ", snapshots,
                                " --test ", data, "/test.csv"));
  };
  ASSERT_EQ(Marquee(absl::StrCat("evaluate split --by time --test-from "
                                 "2026-03-01 --interactions ",
                                 data, "/interactions.csv --out ", data))
                .exit_code,
            0);
  const Result exact = funnel_until("2026-03-01");
  EXPECT_EQ(exact.exit_code, 0) << exact.output;
  EXPECT_THAT(exact.output, Not(HasSubstr("split.json")));
  const Result later = funnel_until("2026-04-01");
  EXPECT_EQ(later.exit_code, 1);
  EXPECT_THAT(later.output, AllOf(HasSubstr("not made of the training part"),
                                  HasSubstr("--allow-other-history")));
  // One of another test is none.
  std::ofstream(data + "/test.csv", std::ios::app)
      << "u1,t1,1767225600,play,1\n";
  EXPECT_THAT(funnel_until("2026-03-01").output,
              HasSubstr("it may have seen the test"));
  ASSERT_EQ(Marquee(absl::StrCat("evaluate split --by time --test-from "
                                 "2026-03-01 --interactions ",
                                 data, "/interactions.csv --out ", data))
                .exit_code,
            0);
  std::ofstream(data + "/split.json") << "{}";
  EXPECT_THAT(funnel_until("2026-03-01").output,
              HasSubstr("split.json: is damaged"));
  std::remove((data + "/split.json").c_str());
  // Without it time tells.
  const Result unknown = funnel_until("2026-04-01");
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_THAT(unknown.output, HasSubstr("it may have seen the test"));
  EXPECT_EQ(funnel_until("2026-03-01").exit_code, 0);
}

TEST(EvaluateCommand, AWrongCallIsExitCodeTwoAndFailedWorkOne) {
  EXPECT_EQ(Marquee("evaluate").exit_code, 2);
  EXPECT_EQ(Marquee("evaluate split --out x").exit_code, 2);
  const std::string csv = ScratchPath("i.csv");
  std::ofstream(csv) << "user_id,item_id,timestamp\nu,a,1\nu,b,2\n";
  const std::string split = absl::StrCat("evaluate split --interactions ", csv,
                                         " --out ", ScratchPath("out"));
  EXPECT_EQ(Marquee(split + " --by chance").exit_code, 2);
  const Result share = Marquee(split + " --holdout 1.5");
  EXPECT_EQ(share.exit_code, 2);
  EXPECT_THAT(share.output, HasSubstr("--holdout"));
  EXPECT_EQ(Marquee(split + " --holdout 0.5").exit_code, 0);
  EXPECT_EQ(Marquee(absl::StrCat("evaluate funnel --snapshot ",
                                 ScratchPath("none"), " --test ", csv))
                .exit_code,
            1);
}

}  // namespace
}  // namespace marquee
