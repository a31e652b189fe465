// Runs `marquee versions` and what honours it as a user does, from a shell.
#include <filesystem>
#include <fstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/cli/run.h"

namespace marquee {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class VersionsCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    data_ = SmallService();
    for (int i = 0; i < 3; ++i) Build();
  }
  void Build() { ASSERT_EQ(BuildSmall(data_, snapshots_).exit_code, 0); }
  Result Run(const std::string& what, const std::string& errors = "2>&1") {
    return Marquee("versions " + snapshots_ + " " + what, errors);
  }
  std::string Current() { return Run("current", "2>/dev/null").output; }
  nlohmann::json List() {
    return nlohmann::json::parse(Run("list --json").output, nullptr, false);
  }
  bool Exists(int version) {
    return fs::exists(snapshots_ + "/" + std::to_string(version));
  }

  std::string data_;
  const std::string snapshots_ = FreshPath("snapshots");
};

TEST_F(VersionsCommand, ListsIdentityAgeSizeAndState) {
  fs::remove(snapshots_ + "/2/manifest");
  ASSERT_EQ(Run("block 3 --why 'too few items' --by ann").exit_code, 0);
  const nlohmann::json list = List();
  ASSERT_TRUE(list.is_array() && list.size() == 3) << list;
  EXPECT_EQ(list[0]["version"], 3);
  EXPECT_EQ(list[0]["blocked"]["by"], "ann");
  EXPECT_EQ(list[0]["blocked"]["why"], "too few items");
  EXPECT_EQ(list[0]["identity"].get<std::string>().size(), 16);
  EXPECT_THAT(list[1].value("fault", ""), HasSubstr("/2/manifest"));
  EXPECT_EQ(list[2]["current"], true);
  EXPECT_GT(list[2]["bytes"], 1000);
  EXPECT_THAT(Run("list").output,
              AllOf(HasSubstr("by ann: too few items"), HasSubstr("damaged: "),
                    HasSubstr(list[2]["identity"].get<std::string>()),
                    HasSubstr("current")));
}

TEST_F(VersionsCommand, ABlockSaysWhatIsLeft) {
  EXPECT_THAT(
      Run("block 3 --why bad --by ann").output,
      HasSubstr("the newest that is not blocked is " + snapshots_ + "/2\n"));
  EXPECT_THAT(Run("block 3 --why worse --by bob").output,
              AllOf(HasSubstr("by bob: worse; before it is blocked since"),
                    HasSubstr("by ann: bad\n")));
  EXPECT_THAT(Run("block 2 --why bad").output, HasSubstr("/1\n"));
  const Result last = Run("block 1 --why bad");
  EXPECT_EQ(last.exit_code, 0);
  EXPECT_THAT(last.output, HasSubstr("warning: no version is left that a "
                                     "server would take: "));
}

TEST_F(VersionsCommand, CurrentIsTheNewestThatIsNeitherBlockedNorDamaged) {
  EXPECT_EQ(Current(), "3\n");
  ASSERT_EQ(Run("block 3 --why bad").exit_code, 0);
  EXPECT_EQ(Current(), "2\n");
  fs::permissions(snapshots_ + "/2/users", fs::perms::owner_write,
                  fs::perm_options::add);
  fs::resize_file(snapshots_ + "/2/users", 100);
  EXPECT_EQ(Current(), "1\n");
  ASSERT_EQ(Run("block 1 --why bad").exit_code, 0);
  const Result none = Run("current");
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_THAT(none.output, HasSubstr("no version that a server would take"));
  const Result free = Run("unblock 3");
  EXPECT_EQ(free.exit_code, 0) << free.output;
  EXPECT_EQ(Current(), "3\n");
}

TEST_F(VersionsCommand, BlocksTheSnapshotAndNotTheNumber) {
  ASSERT_EQ(Run("block 3 --why bad").exit_code, 0);
  const std::string blocked = List()[0]["identity"];
  // Another snapshot takes the number.
  const std::string other = FreshPath("other");
  for (int i = 0; i < 3; ++i) BuildSmall(data_, other);
  fs::remove_all(snapshots_ + "/3");
  fs::rename(other + "/3", snapshots_ + "/3");
  EXPECT_EQ(Current(), "3\n");
  // By its number it is not found any more, by its identity it is.
  const Result number = Run("unblock 3");
  EXPECT_EQ(number.exit_code, 1);
  EXPECT_THAT(number.output, HasSubstr(blocked));
  EXPECT_EQ(Run("unblock " + blocked).exit_code, 0);
}

TEST_F(VersionsCommand, WrongCallsSayWhatWouldBeRight) {
  EXPECT_EQ(Run("block 3").exit_code, 2);
  const Result no_words = Run("block 3 --why ''");
  EXPECT_EQ(no_words.exit_code, 2);
  EXPECT_THAT(no_words.output, HasSubstr("--why: is empty"));
  EXPECT_EQ(Run("").exit_code, 2);
  EXPECT_EQ(Run("prune").exit_code, 2);
  EXPECT_EQ(Run("prune --keep 0").exit_code, 2);
  EXPECT_EQ(Run("block three --why bad").exit_code, 2);
  fs::remove(snapshots_ + "/2/manifest");
  const Result unreadable = Run("block 2 --why bad");
  EXPECT_EQ(unreadable.exit_code, 1);
  EXPECT_THAT(unreadable.output,
              AllOf(HasSubstr("by the identity"), HasSubstr("/2/manifest")));
  EXPECT_EQ(Marquee("versions /nonexistent list").exit_code, 1);
  std::ofstream(snapshots_ + "/versions") << "blocked: 7";
  const Result damaged = Run("list");
  EXPECT_EQ(damaged.exit_code, 1);
  EXPECT_THAT(damaged.output, AllOf(HasSubstr("/versions:1:"),
                                    HasSubstr("or remove the file")));
}

TEST_F(VersionsCommand, PruneKeepsTheCurrentOneAndTheNewest) {
  Build();
  Build();
  ASSERT_EQ(Run("block 5 --why bad").exit_code, 0);
  ASSERT_EQ(Run("block 2 --why bad").exit_code, 0);
  const Result dry = Run("prune --keep 2 --dry-run");
  EXPECT_THAT(dry.output, AllOf(HasSubstr("would remove version 2"),
                                HasSubstr("would remove version 1"),
                                Not(HasSubstr("version 3"))));
  EXPECT_TRUE(Exists(1));
  const Result done = Run("prune --keep 2");
  EXPECT_EQ(done.exit_code, 0) << done.output;
  EXPECT_THAT(done.output, AllOf(HasSubstr("removed version 2"),
                                 HasSubstr("removed version 1")));
  EXPECT_FALSE(Exists(1) || Exists(2));
  // 4 is current and 5 newer than it.
  EXPECT_TRUE(Exists(3) && Exists(4) && Exists(5));
  EXPECT_THAT(Run("prune --keep 2").output, HasSubstr("nothing to remove"));
  EXPECT_EQ(Run("prune --keep 1").exit_code, 0);
  EXPECT_FALSE(Exists(3));
  // No number comes again.
  fs::remove_all(snapshots_ + "/5");
  Build();
  EXPECT_TRUE(Exists(6));
}

// What is removed does not come back, and a script's variable may be empty.
TEST_F(VersionsCommand, PruneSparesOnlyWhatIsThere) {
  Build();
  for (const std::string wrong : {"''", "-3", "0", "3O", "1 99"}) {
    const Result pruned = Run("prune --keep 1 --spare " + wrong);
    EXPECT_NE(pruned.exit_code, 0) << wrong;
    EXPECT_THAT(pruned.output, HasSubstr("--spare")) << wrong;
    EXPECT_TRUE(Exists(1) && Exists(2) && Exists(3)) << wrong;
  }
}

// What is damaged is no way back.
TEST_F(VersionsCommand, PruneKeepsWhatIsSoundAndWhatIsSpared) {
  Build();
  Build();
  fs::remove(snapshots_ + "/4/users");
  fs::permissions(snapshots_ + "/3/catalog", fs::perms::owner_write,
                  fs::perm_options::add);
  fs::resize_file(snapshots_ + "/3/catalog", 100);
  const Result list = Run("list");
  EXPECT_THAT(list.output,
              AllOf(HasSubstr("damaged: " + snapshots_ + "/4/users: No such"),
                    HasSubstr("damaged: " + snapshots_ +
                              "/3/catalog: has 100 bytes, must have ")));
  const Result dry = Run("prune --keep 2 --dry-run");
  EXPECT_THAT(dry.output, AllOf(HasSubstr("would remove version 4"),
                                HasSubstr("would remove version 3"),
                                HasSubstr("would remove version 1")));
  EXPECT_EQ(Run("prune --keep 2 --spare 1 4").exit_code, 0);
  EXPECT_TRUE(Exists(1) && Exists(2) && Exists(4) && Exists(5));
  EXPECT_FALSE(Exists(3));
}

TEST_F(VersionsCommand, WhatShowsNothingIsNotCalledDamaged) {
  const std::string policy = WriteScratch(
      "nothing.textproto",
      "blocks { name: 'a' match { item_ids: 't1' } only: true }\n"
      "blocks { name: 'b' match { item_ids: 't2' } only: true }\n");
  const Result built = Marquee("build --allow-empty --from " + snapshots_ +
                               "/3 --policy " + policy);
  ASSERT_EQ(built.exit_code, 0) << built.output;
  EXPECT_THAT(built.output,
              HasSubstr("a server loads it only by snapshot_version"));
  EXPECT_THAT(Run("list").output, AllOf(HasSubstr("shows nothing: no user "),
                                        Not(HasSubstr("damaged"))));
  EXPECT_EQ(Current(), "3\n");
}

TEST_F(VersionsCommand, WordsOfABlockStayOnOneLine) {
  const Result blocked =
      Run("block 1 --by \"$(printf 'a\\nb')\" "
          "--why \"$(printf 'it\\047s \\033[31m \\303\\244')\"");
  ASSERT_EQ(blocked.exit_code, 0);
  for (const std::string& output : {blocked.output, Run("list").output}) {
    EXPECT_THAT(output,
                AllOf(HasSubstr("by a\\x0ab: it's \\x1b[31m \xc3\xa4\n"),
                      Not(HasSubstr("\033"))));
  }
}

// The configuration of a server would not take them either.
TEST_F(VersionsCommand, WordsThatNoLedgerTakesAreTheFault) {
  const Result result = Run("block 1 --why \"$(printf 'bad \\377')\"");
  EXPECT_NE(result.exit_code, 0);
  EXPECT_THAT(result.output, AllOf(HasSubstr("--why: is not UTF-8"),
                                   Not(HasSubstr("configuration"))));
}

TEST_F(VersionsCommand, WhatHoldsNoVersionIsNoListOfNone) {
  for (const std::string& path : {data_, snapshots_ + "/1/"}) {
    const Result list = Marquee("versions " + path + " list");
    EXPECT_EQ(list.exit_code, 1) << path << list.output;
  }
}

TEST_F(VersionsCommand, PruneRemovesNothingWhereNothingIsCurrent) {
  for (const char* const version : {"1", "2", "3"}) {
    ASSERT_EQ(Run(std::string("block ") + version + " --why bad").exit_code, 0);
  }
  const Result pruned = Run("prune --keep 1");
  EXPECT_EQ(pruned.exit_code, 1);
  EXPECT_THAT(pruned.output, HasSubstr("no version is current"));
  EXPECT_TRUE(Exists(1) && Exists(2) && Exists(3));
}

}  // namespace
}  // namespace marquee
