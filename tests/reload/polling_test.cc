// What polling takes, leaves and says.
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/time/clock.h"
#include "core/files/atomic_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/reload/reloader_fixture.h"

namespace marquee {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

class Polling : public ReloaderFixture {
 protected:
  void Damage(uint64_t version, const std::string& section) {
    const std::string path = Path(version) + "/" + section;
    fs::permissions(path, fs::perms::owner_write, fs::perm_options::add);
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekg(10);
    const int there = file.get();
    file.seekp(10);
    file.put(static_cast<char>(there ^ 0x7f));
  }
};

TEST_F(Polling, AnotherSnapshotUnderTheServedNumberIsLoaded) {
  Build();
  Build();
  ASSERT_TRUE(Start().ok());
  const uint64_t first = Served().identity;
  const std::string other = BuildElsewhere(2);
  fs::remove_all(Path(2));
  Poll();
  Poll();
  EXPECT_EQ(Served().identity, first);
  EXPECT_EQ(Lines("served version is gone from the directory"), 1);
  fs::rename(other, Path(2));
  Poll();
  EXPECT_EQ(Served().number, 2);
  EXPECT_EQ(Served().identity, IdentityOf(2));
  EXPECT_NE(Served().identity, first);
  EXPECT_THAT(Log(), HasSubstr(IdentityText(Served().identity)));
}

TEST_F(Polling, AnotherSnapshotThatDoesNotLoadIsRefusedAloudOnce) {
  Build();
  ASSERT_TRUE(Start().ok());
  const uint64_t first = Served().identity;
  fs::rename(Path(1), ScratchPath("away"));
  fs::rename(BuildElsewhere(1), Path(1));
  Damage(1, "users");
  Poll();
  Poll();
  EXPECT_EQ(Served().identity, first);
  EXPECT_EQ(Lines("snapshot refused"), 1);
  EXPECT_THAT(Log(), HasSubstr("/1/users"));
}

// As cp writes: every file is there, and the last one grows in its place, so
// the time of the directory stays.
TEST_F(Polling, AVersionThatIsCopiedSlowlyIsTriedAgainWhenAFileChanges) {
  Build();
  ASSERT_TRUE(Start().ok());
  Build();
  const std::string away = ScratchPath("away");
  fs::rename(Path(2), away);
  const auto size = fs::file_size(away + "/user_vectors");
  fs::copy(away, Path(2));
  fs::permissions(Path(2) + "/user_vectors", fs::perms::owner_write,
                  fs::perm_options::add);
  fs::resize_file(Path(2) + "/user_vectors", size / 2);
  Poll();
  Poll();
  EXPECT_EQ(Served().number, 1);
  EXPECT_EQ(Lines("snapshot refused"), 1);
  const auto directory_time = fs::last_write_time(Path(2));
  std::ifstream whole(away + "/user_vectors", std::ios::binary);
  whole.seekg(static_cast<std::streamoff>(size / 2));
  std::ofstream(Path(2) + "/user_vectors", std::ios::binary | std::ios::app)
      << whole.rdbuf();
  ASSERT_EQ(fs::last_write_time(Path(2)), directory_time);
  Poll();
  EXPECT_EQ(Served().number, 2);
}

TEST_F(Polling, WhatIsBlockedIsPassedOverAndTakenWhenItIsFree) {
  Build();
  Build();
  Block(2);
  ASSERT_TRUE(Start().ok());
  EXPECT_EQ(Served().number, 1);
  EXPECT_THAT(Log(), HasSubstr("version passed over"));
  Poll();
  EXPECT_EQ(Served().number, 1);
  EXPECT_EQ(reloader_->Reload(0)->version, 1);
  ASSERT_TRUE(UpdateLedger(options_.snapshots, [&](VersionLedger& ledger) {
                return ledger.Unblock(IdentityOf(2)) ? absl::OkStatus()
                                                     : absl::UnknownError("");
              }).ok());
  Poll();
  EXPECT_EQ(Served().number, 2);
}

TEST_F(Polling,
       TheServedVersionIsLeftWhenItIsBlockedAndTakenBackWhenUnblocked) {
  Build();
  Build();
  ASSERT_TRUE(Start().ok());
  ASSERT_EQ(Served().number, 2);
  Block(2);
  Poll();
  EXPECT_EQ(Served().number, 1);
  EXPECT_THAT(Log(), AllOf(HasSubstr("served version is blocked"),
                           HasSubstr("by ann: shows too little")));
  Poll();
  EXPECT_EQ(Served().number, 1);
  UnblockAll();
  Poll();
  EXPECT_EQ(Served().number, 2);
}

TEST_F(Polling, WhenAllAreBlockedTheServedOneStays) {
  Build();
  Build();
  ASSERT_TRUE(Start().ok());
  Block(1);
  Block(2);
  Poll();
  EXPECT_EQ(Served().number, 2);
  EXPECT_THAT(Refused(reloader_->Reload(0)), HasSubstr("every version"));
  EXPECT_THAT(std::string(Start().message()), HasSubstr("by ann"));
}

TEST_F(Polling, SnapshotsBlockedByTheConfigurationAreNotTaken) {
  Build();
  Build();
  options_.blocked = {IdentityOf(2)};
  ASSERT_TRUE(Start().ok());
  Poll();
  EXPECT_EQ(Served().number, 1);
  EXPECT_THAT(Refused(reloader_->Reload(2)),
              AllOf(HasSubstr("blocked by the configuration"),
                    HasSubstr(IdentityText(IdentityOf(2)))));
}

TEST_F(Polling, ALedgerThatCanNotBeReadIsToldOnceAndNothingIsTaken) {
  Build();
  ASSERT_TRUE(Start().ok());
  const std::string ledger = options_.snapshots + "/versions";
  const std::string good = *ReadFile(ledger);
  std::ofstream(ledger) << "highest: 1\nblocked { identity: \"77\" }\n";
  fs::copy(BuildElsewhere(2), Path(2));
  Poll();
  Poll();
  EXPECT_EQ(Served().number, 1);
  EXPECT_EQ(Lines("blocked versions can not be read"), 1);
  EXPECT_THAT(Log(), HasSubstr("/versions:2: identity is '77'"));
  EXPECT_THAT(reloader_->Reload(0).status().message(),
              HasSubstr("/versions:2"));
  std::ofstream(ledger) << good;
  Poll();
  EXPECT_EQ(Served().number, 2);
  EXPECT_EQ(Lines("over"), 1);
  std::ofstream(ledger) << "higgest: 1";
  EXPECT_THAT(std::string(Start().message()), HasSubstr("/versions:1:"));
}

TEST_F(Polling, ADirectoryThatCanNotBeListedIsToldOnChange) {
  Build();
  ASSERT_TRUE(Start().ok());
  fs::rename(options_.snapshots, ScratchPath("away"));
  Poll();
  Poll();
  EXPECT_EQ(Lines("snapshots can not be listed"), 1);
  EXPECT_EQ(Served().number, 1);
  fs::rename(ScratchPath("away"), options_.snapshots);
  Poll();
  EXPECT_EQ(Lines("over"), 1);
}

// Each look begins as the reload before it is answered.
TEST_F(Polling, ALookTurnsNoReloadAway) {
  Build();
  ASSERT_TRUE(Start().ok());
  for (int i = 0; i < 300; ++i) {
    clock_.Advance(options_.poll);
    const auto outcome = reloader_->Reload(1);
    ASSERT_TRUE(outcome.ok()) << outcome.status() << " at reload " << i;
  }
}

TEST_F(Polling, AnOlderVersionThatWasRequestedStays) {
  Build();
  Build();
  ASSERT_TRUE(Start().ok());
  ASSERT_TRUE(reloader_->Reload(1).ok());
  Poll();
  EXPECT_EQ(Served().number, 1);
  Build();
  Poll();
  EXPECT_EQ(Served().number, 3);
}

TEST_F(Polling, AFaultIsTriedAgainWhenAFileChangesAndToldWhenItIsAnother) {
  options_.poll = absl::Minutes(6);
  Build();
  ASSERT_TRUE(Start().ok());
  Build();
  Damage(2, "users");
  for (int i = 0; i < 3; ++i) Poll();
  EXPECT_EQ(Reloads("failed"), 1);
  EXPECT_EQ(Lines("snapshot refused"), 1);
  // The same fault.
  fs::last_write_time(Path(2) + "/users", fs::file_time_type::clock::now());
  Poll();
  EXPECT_EQ(Reloads("failed"), 2);
  EXPECT_EQ(Lines("snapshot refused"), 1);
  // An explicit request gets the error.
  EXPECT_THAT(Refused(reloader_->Reload(2)), HasSubstr("/2/users"));
  EXPECT_EQ(Lines("snapshot refused"), 2);
  Damage(2, "users");  // twice is whole again
  Damage(2, "policy");
  Poll();
  EXPECT_EQ(Reloads("failed"), 4);
  EXPECT_EQ(Lines("snapshot refused"), 3);
  Damage(2, "policy");
  Poll();
  EXPECT_EQ(Served().number, 2);
  // And a third one with a fault, after one that is well.
  Build();
  Damage(3, "users");
  Poll();
  Poll();
  EXPECT_EQ(Reloads("failed"), 5);
  EXPECT_EQ(Lines("snapshot refused"), 4);
  EXPECT_EQ(Lines("served version is gone from the directory"), 0);
}

// Two faulty ones, of which each is known by itself.
TEST_F(Polling, FaultsOfSeveralVersionsAreToldOnceEach) {
  Build();
  ASSERT_TRUE(Start().ok());
  for (const uint64_t version : {2, 3}) {
    Build();
    Damage(version, "users");
  }
  for (int i = 0; i < 3; ++i) Poll();
  EXPECT_EQ(Served().number, 1);
  EXPECT_EQ(Lines("snapshot refused"), 2);
  EXPECT_EQ(Reloads("failed"), 2);
}

TEST_F(Polling, WhatIsServedIsFoundWhereverItStands) {
  for (int i = 0; i < 3; ++i) Build();
  ASSERT_TRUE(Start().ok());
  for (const uint64_t version : {2, 1, 3}) {
    ASSERT_TRUE(reloader_->Reload(version).ok());
    Poll();
    EXPECT_EQ(Served().number, version);
  }
  EXPECT_EQ(Lines("served version is gone from the directory"), 0);
  fs::rename(Path(3), ScratchPath("away"));
  Poll();
  EXPECT_THAT(Line("served version is gone from the directory"),
              HasSubstr("version 3 is served from memory until there is a "
                        "newer one"));
}

TEST_F(Polling, LooksOnceAPeriodOrNever) {
  Build();
  ASSERT_TRUE(Start().ok());
  absl::SleepFor(20 * options_.tick);
  EXPECT_EQ(Polls(), 0);
  Poll();
  absl::SleepFor(20 * options_.tick);
  EXPECT_EQ(Polls(), 1);
  options_.poll = absl::ZeroDuration();
  ASSERT_TRUE(Start().ok());
  clock_.Advance(absl::Hours(1));
  absl::SleepFor(20 * options_.tick);
  EXPECT_EQ(Polls(), 1);
}

// Blocked, and left by somebody who asked for it, before polling saw it.
TEST_F(Polling, WhatAReloadPassedOverIsTakenBackWhenItIsFree) {
  Build();
  Build();
  ASSERT_TRUE(Start().ok());
  Block(2);
  ASSERT_EQ(reloader_->Reload(0)->version, 1);
  UnblockAll();
  Poll();
  EXPECT_EQ(Served().number, 2);
}

TEST_F(Polling, BelowAFaultyVersionTheNextIsLookedAt) {
  Build();
  ASSERT_TRUE(Start().ok());
  Build();
  Block(2);
  Build();
  Damage(3, "users");
  Poll();
  EXPECT_EQ(Served().number, 1);
  UnblockAll();
  Poll();
  EXPECT_EQ(Served().number, 2);
  EXPECT_EQ(Lines("snapshot refused"), 1);
}

// A rule that changes costs no second mapping of ten million users.
TEST_F(Polling, AVersionWithOtherRulesHasTheTablesOfTheServed) {
  Build();
  ASSERT_TRUE(Start().ok());
  const Published::Handle before = published_->current();
  const std::string policy = ScratchPath("policy");
  std::ofstream(policy) << "# none\n";
  const auto built = BuildSnapshot({.from = Path(1),
                                    .policy = policy,
                                    .snapshots = options_.snapshots,
                                    .now = absl::FromUnixSeconds(kSmallNow),
                                    .allow_empty = true});
  ASSERT_TRUE(built.ok()) << built.status();
  Poll();
  ASSERT_EQ(Served().number, 2);
  EXPECT_EQ(&published_->current()->snapshot().users(),
            &before->snapshot().users());
  Build();
  Poll();
  ASSERT_EQ(Served().number, 3);
  EXPECT_NE(&published_->current()->snapshot().users(),
            &before->snapshot().users());
}

}  // namespace
}  // namespace marquee
