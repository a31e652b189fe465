#include "server/app/command_line.h"

#include <fstream>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

absl::StatusOr<CommandLine> Parse(std::vector<const char*> arguments) {
  return ParseCommandLine(arguments);
}

std::string Fault(std::vector<const char*> arguments) {
  const auto line = Parse(std::move(arguments));
  return line.ok() ? "" : std::string(line.status().message());
}

TEST(CommandLine, AFlagForEveryKindOfField) {
  const auto line =
      Parse({"--snapshots", "/srv/s", "--snapshot-version=18446744073709551615",
             "--drain_delay_ms", "-1", "--allow_time_override", "false",
             "--reflection"});
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_EQ(line->sourced.config.snapshots(), "/srv/s");
  EXPECT_EQ(line->sourced.config.snapshot_version(), 18446744073709551615u);
  EXPECT_EQ(line->sourced.config.drain_delay_ms(), -1);
  EXPECT_TRUE(line->sourced.config.reflection());
  EXPECT_FALSE(line->sourced.config.allow_time_override());
}

TEST(CommandLine, FlagsOverrideTheFileWhereverTheyStand) {
  const std::string path =
      absl::StrCat(::testing::TempDir(), "marquee_server.textproto");
  std::ofstream(path) << "snapshots: 'file' workers: 4";
  const auto line = Parse({"--snapshots", "flag", "--config", path.c_str()});
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_EQ(line->sourced.config.snapshots(), "flag");
  EXPECT_EQ(line->sourced.config.workers(), 4);
}

TEST(CommandLine, ARepeatedFieldTakesSeveralValues) {
  const std::string path =
      absl::StrCat(::testing::TempDir(), "marquee_blocked.textproto");
  std::ofstream(path) << "blocked: 'file'";
  const auto line =
      Parse({"--blocked", "a,b", "--config", path.c_str(), "--blocked=c"});
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_THAT(line->sourced.config.blocked(), ElementsAre("a", "b", "c"));
  EXPECT_THAT(Parse({"--config", path.c_str()})->sourced.config.blocked(),
              ElementsAre("file"));
  EXPECT_THAT(Fault({"--blocked", "a,,b"}), HasSubstr("--blocked: is 'a,,b'"));
  EXPECT_THAT(Usage(), HasSubstr("--blocked string,..."));
}

TEST(CommandLine, FaultsNameTheFlag) {
  EXPECT_THAT(Fault({"--lisen", "x"}), HasSubstr("--lisen"));
  EXPECT_THAT(Fault({"serve"}), HasSubstr("'serve'"));
  EXPECT_THAT(Fault({"--workers"}), HasSubstr("--workers: needs a value"));
  EXPECT_THAT(Fault({"--workers", "4x"}), HasSubstr("--workers: is '4x'"));
  EXPECT_THAT(Fault({"--workers", "99999999999"}), HasSubstr("--workers"));
  EXPECT_THAT(Fault({"--reflection=maybe"}), HasSubstr("--reflection"));
  EXPECT_THAT(Fault({"--config", "/nonexistent/file"}),
              HasSubstr("/nonexistent/file"));
}

TEST(CommandLine, HelpListsEveryField) {
  EXPECT_TRUE(Parse({"--help"})->help);
  EXPECT_THAT(Usage(), HasSubstr("--queue_target_ms"));
}

}  // namespace
}  // namespace marquee
