// A pin is a pin.
#include <filesystem>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/reload/reloader_fixture.h"

namespace marquee {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

class Pinned : public ReloaderFixture {
 protected:
  // By another snapshot.
  void Replace(uint64_t version) {
    const std::string other = BuildElsewhere(version);
    fs::remove_all(Path(version));
    fs::rename(other, Path(version));
  }
};

TEST_F(Pinned, PollingNeverGoesToAnotherNumber) {
  Build();
  Build();
  options_.pinned_version = 1;
  ASSERT_TRUE(Start().ok());
  Poll();
  EXPECT_EQ(Served().number, 1);
  Build();
  Poll();
  EXPECT_EQ(Served().number, 1);
  // The newest that this server may serve.
  EXPECT_EQ(reloader_->Reload(0)->version, 1);
}

TEST_F(Pinned, AnotherVersionIsTakenOnlyByForceAndThenKept) {
  Build();
  Build();
  options_.pinned_version = 1;
  ASSERT_TRUE(Start().ok());
  EXPECT_THAT(Refused(reloader_->Reload(2)),
              AllOf(HasSubstr("snapshot_version pins version 1"),
                    HasSubstr("version 2"), HasSubstr("force")));
  EXPECT_EQ(Served().number, 1);
  ASSERT_TRUE(reloader_->Reload(2, /*force=*/true).ok());
  Poll();
  EXPECT_EQ(Served().number, 2);
  ASSERT_TRUE(Start().ok());
  EXPECT_EQ(Served().number, 1);
}

TEST_F(Pinned, OneThatIsFreeAgainDoesNotUndoForce) {
  Build();
  Build();
  Block(2);
  options_.pinned_version = 2;
  ASSERT_FALSE(Start().ok());
  ASSERT_TRUE(reloader_->Reload(1, /*force=*/true).ok());
  UnblockAll();
  Poll();
  EXPECT_EQ(Served().number, 1);
  ASSERT_TRUE(reloader_->Reload(0).ok());
  EXPECT_EQ(Served().number, 2);
}

TEST_F(Pinned, AnotherSnapshotUnderItsNumberDoesNotUndoForce) {
  Build();
  Build();
  options_.pinned_version = 2;
  ASSERT_TRUE(Start().ok());
  ASSERT_TRUE(reloader_->Reload(1, /*force=*/true).ok());
  Replace(2);
  Poll();
  EXPECT_EQ(Served().number, 1);
}

// Nor who went back to what was forced.
TEST_F(Pinned, OneThatIsFreeAgainDoesNotUndoARollback) {
  for (int i = 0; i < 3; ++i) Build();
  Block(3);
  options_.pinned_version = 3;
  ASSERT_FALSE(Start().ok());
  ASSERT_TRUE(reloader_->Reload(1, /*force=*/true).ok());
  ASSERT_TRUE(reloader_->Reload(2, /*force=*/true).ok());
  ASSERT_TRUE(reloader_->Rollback().ok());
  UnblockAll();
  Poll();
  Poll();
  EXPECT_EQ(Served().number, 1);
}

TEST_F(Pinned, AnotherSnapshotUnderItsNumberIsLoadedThoughItWasForced) {
  Build();
  Build();
  options_.pinned_version = 2;
  ASSERT_TRUE(Start().ok());
  ASSERT_TRUE(reloader_->Reload(2, /*force=*/true).ok());
  const uint64_t first = Served().identity;
  Replace(2);
  Poll();
  EXPECT_EQ(Served().number, 2);
  EXPECT_NE(Served().identity, first);
}

TEST_F(Pinned, ItsNumberIsLoadedWhenItAppearsAndWhenItIsAnothersNow) {
  Build();
  options_.pinned_version = 2;
  EXPECT_EQ(Start().code(), absl::StatusCode::kNotFound);
  Poll();
  EXPECT_EQ(Served().number, 0);
  Build();
  Poll();
  EXPECT_EQ(Served().number, 2);
  const uint64_t first = Served().identity;
  const std::string other = BuildElsewhere(2);
  fs::remove_all(Path(2));
  Poll();
  EXPECT_EQ(Served().identity, first);
  fs::rename(other, Path(2));
  Poll();
  EXPECT_EQ(Served().number, 2);
  EXPECT_NE(Served().identity, first);
}

TEST_F(Pinned, ABlockedOneIsRefusedAtTheStartWithBothFacts) {
  Build();
  Build();
  Block(2);
  options_.pinned_version = 2;
  const absl::Status first = Start();
  EXPECT_THAT(std::string(first.message()),
              AllOf(HasSubstr("snapshot_version pins version 2"),
                    HasSubstr("is blocked since 2026-06-01T00:00:00Z by ann: "
                              "shows too little")));
  Poll();
  EXPECT_EQ(Served().number, 0);
}

// The operator who pinned it has decided; the log says what stands against it.
TEST_F(Pinned, OneThatIsBlockedLaterStaysAndIsToldOnce) {
  Build();
  Build();
  options_.pinned_version = 2;
  ASSERT_TRUE(Start().ok());
  Block(2);
  Poll();
  Poll();
  EXPECT_EQ(Served().number, 2);
  EXPECT_THAT(Line("served version is blocked"),
              HasSubstr(", and stays because snapshot_version pins it"));
  EXPECT_EQ(Lines("over"), 0);
  UnblockAll();
  Poll();
  Poll();
  EXPECT_THAT(Line("over"), HasSubstr("served version is blocked"));
}

// The way back is open; what the next start will find is said now.
TEST_F(Pinned, ARollbackFromItIsToldWhatItDoesToTheNextStart) {
  Build();
  Build();
  options_.pinned_version = 2;
  ASSERT_TRUE(Start().ok());
  ASSERT_TRUE(reloader_->Reload(1, /*force=*/true).ok());
  const auto to_the_pinned = reloader_->Rollback();
  ASSERT_TRUE(to_the_pinned.ok());
  EXPECT_EQ(to_the_pinned->note, "");
  UnblockAll();
  ASSERT_TRUE(reloader_->Reload(1, /*force=*/true).ok());
  ASSERT_TRUE(reloader_->Reload(2).ok());
  const auto from_the_pinned = reloader_->Rollback();
  ASSERT_TRUE(from_the_pinned.ok()) << from_the_pinned.status();
  EXPECT_TRUE(from_the_pinned->persisted);
  EXPECT_THAT(from_the_pinned->note,
              AllOf(HasSubstr("snapshot_version pins version 2"),
                    HasSubstr("blocked now")));
  EXPECT_NE(Line("rollback left the pinned version"), "");
}

}  // namespace
}  // namespace marquee
