// Runs `marquee build`, as a person does.
#include <filesystem>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/cli/run.h"

namespace marquee {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(BuildCommand, AFailureLeavesNoDirectoryOfItsOwn) {
  const std::string data = SmallService();
  const std::string policy = WriteScratch("bad.textproto", "pins { x: 1 }");
  const std::string made = FreshPath("made");
  EXPECT_EQ(BuildSmall(data, made, "--policy " + policy).exit_code, 1);
  EXPECT_FALSE(fs::exists(made));
  EXPECT_EQ(BuildSmall(data, made + "/a/b", "--policy " + policy).exit_code, 1);
  EXPECT_FALSE(fs::exists(made));
  const std::string found = FreshPath("found");
  fs::create_directories(found);
  EXPECT_EQ(BuildSmall(data, found, "--policy " + policy).exit_code, 1);
  EXPECT_TRUE(fs::exists(found));
}

TEST(BuildCommand, WarnsOfRulesThatHaveEndedAndBuilds) {
  const std::string data = SmallService();
  const std::string policy =
      WriteScratch("policy.textproto",
                   "blocks { name: 'ever' match { item_ids: 't1' } }\n"
                   "pins { name: 'easter' item_id: 't2' position: 1\n"
                   "       window { end: '2026-04-07T00:00:00Z' } }\n");
  const std::string snapshots = FreshPath("snapshots");
  const std::string options = "--now 2026-05-01 --policy " + policy;
  const Result late = BuildSmall(data, snapshots, options);
  EXPECT_EQ(late.exit_code, 0) << late.output;
  EXPECT_THAT(late.output,
              AllOf(HasSubstr(policy + ":2: pin 'easter' has no effect any "
                                       "more: its window ended at "
                                       "2026-04-07T00:00:00Z"),
                    HasSubstr("warning"), Not(HasSubstr("ever")),
                    HasSubstr("rules     2")));
  const Result in_time =
      BuildSmall(data, snapshots, "--now 2026-04-01 --policy " + policy);
  EXPECT_EQ(in_time.exit_code, 0) << in_time.output;
  EXPECT_THAT(in_time.output, Not(HasSubstr("warning")));
}

TEST(BuildCommand, SaysWhatEachEngineFindsAndInspectRemembers) {
  const std::string data = SmallService();
  const std::string snapshots = FreshPath("snapshots");
  const Result cells = BuildSmall(data, snapshots, "");
  EXPECT_THAT(cells.output, AllOf(HasSubstr("cells     finds at least "),
                                  Not(HasSubstr("graph"))));
  const Result both = BuildSmall(data, snapshots, "--graph --links 8");
  EXPECT_EQ(both.exit_code, 0) << both.output;
  EXPECT_THAT(both.output, AllOf(HasSubstr("cells     finds at least "),
                                 HasSubstr("graph     finds at least ")));
  EXPECT_THAT(
      Marquee("inspect " + snapshots).output,
      AllOf(HasSubstr("engine     cells"), HasSubstr("engine     graph")));
  EXPECT_EQ(Marquee("verify " + snapshots).exit_code, 0);
}

TEST(BuildCommand, AnEngineThatFindsTooLittleIsAFaultWithTheNumbers) {
  const std::string data = FreshPath("many");
  ASSERT_EQ(Marquee("synth --users 20 --items 9000 --interactions-per-user 5 "
                    "--embeddings --out " +
                    data)
                .exit_code,
            0);
  const std::string snapshots = FreshPath("snapshots");
  const Result built = BuildSmall(
      data, snapshots, "--recall 1 --graph --links 4 --build-width 4");
  EXPECT_EQ(built.exit_code, 1);
  EXPECT_THAT(built.output, AllOf(HasSubstr(" of the best 500 on "),
                                  HasSubstr("less than --recall 1")));
  EXPECT_FALSE(fs::exists(snapshots));
}

// An unset variable of a script, or half of a copied file, must not pass
// unnoticed.
TEST(BuildCommand, WhatWouldLoseRulesOrAgeLimitsIsTold) {
  const std::string data = SmallService();
  const std::string snapshots = FreshPath("snapshots");
  for (const char* const option : {"--policy ''", "--ranker ''"}) {
    const Result empty = BuildSmall(data, snapshots, option);
    EXPECT_EQ(empty.exit_code, 2) << empty.output;
    EXPECT_THAT(empty.output, HasSubstr("leave the option out"));
  }
  const std::string policy = WriteScratch("none.textproto", "# later\n");
  EXPECT_THAT(BuildSmall(data, snapshots, "--policy " + policy).output,
              HasSubstr("warning: " + policy + ": has no rules"));
  fs::resize_file(data + "/users.jsonl", 0);
  EXPECT_THAT(BuildSmall(data, snapshots, "").output,
              AllOf(HasSubstr("warning: " + data + "/users.jsonl: has no line"),
                    HasSubstr("no age limit")));
}

}  // namespace
}  // namespace marquee
