// A rollback outlives the process.
#include <filesystem>
#include <fstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/reload/reloader_fixture.h"

namespace marquee {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class Rollback : public ReloaderFixture {
 protected:
  // Serves version 2 after 1.
  void ServeTwo() {
    Build();
    ASSERT_TRUE(Start().ok());
    Build();
    Poll();
    ASSERT_EQ(Served().number, 2);
  }
};

TEST_F(Rollback, IsKeptInTheDirectoryWithWhoWhenAndWhy) {
  ServeTwo();
  const auto outcome =
      reloader_->Rollback({.by = "bob", .why = "empty rows in DE"});
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_TRUE(outcome->persisted);
  EXPECT_EQ(outcome->version, 1);
  EXPECT_EQ(outcome->identity, IdentityOf(1));
  const auto ledger = VersionLedger::Read(options_.snapshots);
  ASSERT_TRUE(ledger.ok()) << ledger.status();
  const BlockedVersion* const block = ledger->Find(IdentityOf(2));
  ASSERT_NE(block, nullptr);
  EXPECT_EQ(block->version, 2);
  EXPECT_EQ(block->by, "bob");
  EXPECT_EQ(block->why, "empty rows in DE");
  EXPECT_EQ(block->when, clock_.Now());
  EXPECT_EQ(outcome->previous_version, 2);
  EXPECT_EQ(outcome->duration, absl::ZeroDuration()) << "the clock stood still";
  EXPECT_EQ(outcome->note, "");
  EXPECT_EQ(Reloads("rolled_back"), 1);
  EXPECT_EQ(Lines("rollback not kept"), 0);
  EXPECT_THAT(
      Line("rolled back"),
      AllOf(HasSubstr("\"version\":1,"), HasSubstr("\"previous_version\":2"),
            HasSubstr(IdentityText(IdentityOf(1))), HasSubstr("\"by\":\"bob\""),
            HasSubstr("\"reason\":\"empty rows in DE\"")));
  Poll();
  EXPECT_EQ(Served().number, 1);
}

TEST_F(Rollback, OutlivesTheProcess) {
  ServeTwo();
  ASSERT_TRUE(reloader_->Rollback({.by = "bob", .why = "bad"}).ok());
  ASSERT_TRUE(Start().ok());
  EXPECT_EQ(Served().number, 1);
  Poll();
  EXPECT_EQ(Served().number, 1);
  EXPECT_THAT(Refused(reloader_->Reload(2)),
              AllOf(HasSubstr("by bob: bad"), HasSubstr("unblock"),
                    HasSubstr("force")));
  ASSERT_TRUE(reloader_->Reload(2, /*force=*/true).ok());
  // Polling does not undo force.
  Poll();
  EXPECT_EQ(Served().number, 2);
  // And the way back is open.
  EXPECT_EQ(reloader_->Rollback()->version, 1);
}

TEST_F(Rollback, HoldsInMemoryWhereTheDirectoryCanNotBeWritten) {
  ServeTwo();
  MakeLedgerReadOnly();
  const auto outcome = reloader_->Rollback({.by = "bob", .why = "bad"});
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_FALSE(outcome->persisted);
  EXPECT_THAT(outcome->note,
              HasSubstr("blocked: \"" + IdentityText(IdentityOf(2)) + "\""));
  EXPECT_EQ(Lines("rollback not kept"), 1);
  Poll();
  EXPECT_EQ(Served().number, 1);
  EXPECT_EQ(reloader_->Reload(0)->version, 1);
  EXPECT_THAT(Refused(reloader_->Reload(2)), HasSubstr("rolled back"));
  options_.blocked = {IdentityOf(2)};
  ASSERT_TRUE(Start().ok());
  EXPECT_EQ(Served().number, 1);
}

TEST_F(Rollback, GoesNeitherTwiceNorToWhatIsBlocked) {
  ServeTwo();
  ASSERT_TRUE(reloader_->Rollback().ok());
  EXPECT_THAT(Refused(reloader_->Rollback()), HasSubstr("already"));
  Build();
  Poll();
  ASSERT_EQ(Served().number, 3);
  Block(1);
  EXPECT_THAT(Refused(reloader_->Rollback()),
              AllOf(HasSubstr("version 1"), HasSubstr("by ann")));
  EXPECT_EQ(Served().number, 3);
}

TEST_F(Rollback, WithoutANameOrAReasonSaysSo) {
  ServeTwo();
  ASSERT_TRUE(reloader_->Rollback().ok());
  const auto ledger = VersionLedger::Read(options_.snapshots);
  ASSERT_TRUE(ledger.ok()) << ledger.status();
  const BlockedVersion* const block = ledger->Find(IdentityOf(2));
  ASSERT_NE(block, nullptr);
  EXPECT_EQ(block->by, "AdminService.Rollback");
  EXPECT_EQ(block->why, "rolled back, no reason was given");
}

// Though it is free before it is looked for again.
TEST_F(Rollback, WhatABlockMadeItLeaveIsTakenBack) {
  ServeTwo();
  Block(2);
  Poll();
  ASSERT_EQ(Served().number, 1);
  UnblockAll();
  Poll();
  EXPECT_EQ(Served().number, 2);
}

// Whoever asks for an older one has it till then; whoever insists, for good.
TEST_F(Rollback, WhatIsFreeAgainDoesNotUndoForce) {
  ServeTwo();
  Build();
  Poll();
  Block(3);
  Poll();
  ASSERT_EQ(Served().number, 2);
  const auto asked = reloader_->Reload(1);
  ASSERT_TRUE(asked.ok()) << asked.status();
  EXPECT_THAT(asked->note, HasSubstr("one that is blocked now is free"));
  const auto forced = reloader_->Reload(1, /*force=*/true);
  ASSERT_TRUE(forced.ok()) << forced.status();
  EXPECT_THAT(forced->note, Not(HasSubstr("blocked now")));
  Poll();
  UnblockAll();
  Poll();
  EXPECT_EQ(Served().number, 1);
}

TEST_F(Rollback, WhatABlockMadeItLeaveIsTakenBackThoughItWasAway) {
  ServeTwo();
  Block(2);
  const std::string away = ScratchPath("away");
  std::filesystem::rename(Path(2), away);
  Poll();
  ASSERT_EQ(Served().number, 1);
  std::filesystem::rename(away, Path(2));
  UnblockAll();
  Poll();
  EXPECT_EQ(Served().number, 2);
}

// Found blocked, and free again before the rollback.
TEST_F(Rollback, StaysWhereItWent) {
  Build();
  Build();
  Block(2);
  ASSERT_TRUE(Start().ok());
  Build();
  Poll();
  ASSERT_EQ(Served().number, 3);
  UnblockAll();
  ASSERT_EQ(reloader_->Rollback()->version, 1);
  Poll();
  EXPECT_EQ(Served().number, 1);
}

TEST_F(Rollback, ForgetsTheForceOfTheVersionThatItLeaves) {
  ServeTwo();
  ASSERT_TRUE(reloader_->Reload(1).ok());
  ASSERT_TRUE(reloader_->Reload(2, /*force=*/true).ok());
  ASSERT_TRUE(reloader_->Rollback().ok());
  Poll();
  EXPECT_EQ(Served().number, 1);
  UnblockAll();
  Poll();
  ASSERT_EQ(Served().number, 2);
  Block(2);
  Poll();
  EXPECT_EQ(Served().number, 1);
}

// A ledger that can not be read does not prevent a rollback.
TEST_F(Rollback, NeedsNoLedger) {
  ServeTwo();
  std::ofstream(options_.snapshots + "/versions") << "higgest: 1";
  const auto outcome = reloader_->Rollback({.by = "bob", .why = "bad"});
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(Served().number, 1);
  EXPECT_FALSE(outcome->persisted);
  EXPECT_THAT(outcome->note,
              AllOf(StartsWith("version 2 is blocked in this process only"),
                    HasSubstr("/versions:1:")));
  EXPECT_THAT(Line("rollback not kept"), HasSubstr("in this process only"));
}

// What labels there are is bounded by the policy that serves.
TEST_F(Rollback, MetricsCountTheRulesOfWhatServes) {
  Build();
  ASSERT_TRUE(Start().ok());
  EXPECT_TRUE(CountsRule("top"));
  SmallWorld world = TinyWorld();
  world.policy = "pins { name: 'other' item_id: 'a' position: 2 }";
  BuildTiny(world, ScratchPath("world"));
  Poll();
  EXPECT_TRUE(CountsRule("other"));
  EXPECT_FALSE(CountsRule("top"));
  ASSERT_TRUE(reloader_->Rollback().ok());
  EXPECT_TRUE(CountsRule("top"));
  EXPECT_FALSE(CountsRule("other"));
}

}  // namespace
}  // namespace marquee
