#include "core/snapshot/version_ledger.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "core/files/atomic_file.h"
#include "core/snapshot/snapshot_directory.h"
#include "core/snapshot/snapshot_writer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/files/scratch.h"

namespace marquee {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

class Ledger : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::remove_all(directory_);
    fs::create_directories(directory_);
  }
  std::string Fault(const std::string& text) {
    std::ofstream(directory_ + "/versions") << text;
    const auto ledger = VersionLedger::Read(directory_);
    EXPECT_EQ(ledger.status().code(), absl::StatusCode::kDataLoss) << text;
    return std::string(ledger.status().message());
  }
  absl::Status BlockOne(uint64_t identity) {
    return BlockOne(identity, directory_);
  }
  static absl::Status BlockOne(uint64_t identity,
                               const std::string& directory) {
    return UpdateLedger(directory, [&](VersionLedger& ledger) {
      ledger.Block({.version = 7,
                    .identity = identity,
                    .by = "ann \"a\" \n",
                    .when = absl::FromUnixSeconds(1780272000),
                    .why = "ä"});
      return absl::OkStatus();
    });
  }

  const std::string directory_ = ScratchPath("ledger");
};

TEST_F(Ledger, RemembersWhatWasWritten) {
  EXPECT_EQ(VersionLedger::Read(directory_)->highest, 0);
  ASSERT_TRUE(BlockOne(0xabcdef).ok());
  const auto ledger = VersionLedger::Read(directory_);
  ASSERT_TRUE(ledger.ok()) << ledger.status();
  EXPECT_EQ(ledger->Find(1), nullptr);
  const BlockedVersion* const block = ledger->Find(0xabcdef);
  ASSERT_NE(block, nullptr);
  EXPECT_EQ(block->version, 7);
  EXPECT_EQ(block->by, "ann \"a\" \n");
  EXPECT_EQ(block->when, absl::FromUnixSeconds(1780272000));
  EXPECT_EQ(block->why, "ä");
  EXPECT_THAT(*ReadFile(directory_ + "/versions"),
              HasSubstr("identity: \"0000000000abcdef\""));
  ASSERT_TRUE(BlockOne(0xabcdef).ok());
  EXPECT_EQ(VersionLedger::Read(directory_)->blocked.size(), 1);
}

// As for a removal on a full disk.
TEST_F(Ledger, WhatDoesNotChangeIsNotWritten) {
  ASSERT_TRUE(BlockOne(1).ok());
  fs::create_hard_link(directory_ + "/versions", directory_ + "/same");
  ASSERT_TRUE(UpdateLedger(directory_, [](VersionLedger&) {
                return absl::OkStatus();
              }).ok());
  EXPECT_TRUE(fs::equivalent(directory_ + "/versions", directory_ + "/same"));
  ASSERT_TRUE(BlockOne(2).ok());
  EXPECT_FALSE(fs::equivalent(directory_ + "/versions", directory_ + "/same"));
}

TEST_F(Ledger, ADamagedOneIsAFaultWithItsLineAndNeverEmpty) {
  const std::string path = directory_ + "/versions:";
  EXPECT_THAT(Fault("highest: 1\nblocked {"), HasSubstr(path + "2:"));
  EXPECT_THAT(Fault("highest: 1\nhighets: 2\n"), HasSubstr(path + "2:"));
  EXPECT_THAT(Fault("highest: 1\n\nblocked { identity: \"12\" }"),
              AllOf(HasSubstr(path + "3: identity is '12'"),
                    HasSubstr("16 hexadecimal digits")));
  EXPECT_THAT(Fault("blocked { identity: \"0123456789abcdef\" time: \"now\" }"),
              HasSubstr(path + "1: time is 'now'"));
  // And it is not written over.
  EXPECT_EQ(BlockOne(1).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(TakeVersionNumber(directory_).status().code(),
            absl::StatusCode::kDataLoss);
}

TEST_F(Ledger, NoUpdateIsLostToAnother) {
  constexpr int kThreads = 4;
  constexpr uint64_t kEach = 20;
  std::vector<std::thread> threads;
  for (uint64_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([this, t] {
      for (uint64_t i = 1; i <= kEach; ++i) {
        EXPECT_TRUE(BlockOne(t * 1000 + i).ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(VersionLedger::Read(directory_)->blocked.size(), kThreads * kEach);
}

// Of versions that were there before there was a ledger, and went since.
TEST_F(Ledger, ANumberThatWasSeenOnceIsNotGivenAgain) {
  fs::create_directories(directory_ + "/3");
  ASSERT_TRUE(BlockOne(1).ok());  // it was version 7
  EXPECT_EQ(VersionLedger::Read(directory_)->highest, 7);
  EXPECT_EQ(*TakeVersionNumber(directory_), 8);
  fs::create_directories(directory_ + "/12");
  ASSERT_TRUE(BlockOne(2).ok());
  fs::remove_all(directory_ + "/12");
  EXPECT_EQ(*TakeVersionNumber(directory_), 13);
}

TEST_F(Ledger, AFileWithoutTheHighestNumberIsOfTheNumbersThatItNames) {
  std::ofstream(directory_ + "/versions")
      << "blocked { version: 5 identity: \"00000000000000ff\" time: "
         "\"2026-11-29T12:00:00Z\" }";
  EXPECT_EQ(*TakeVersionNumber(directory_), 6);
}

TEST_F(Ledger, WordsThatAreTooLongOrNoTextAreRefusedAndNothingIsWritten) {
  const auto fault = [&](const std::string& by, const std::string& why) {
    const absl::Status status =
        UpdateLedger(directory_, [&](VersionLedger& ledger) {
          ledger.Block({.identity = 1, .by = by, .why = why});
          return absl::OkStatus();
        });
    EXPECT_EQ(fs::exists(directory_ + "/versions"), status.ok());
    return std::string(status.message());
  };
  EXPECT_EQ(fault("ann", std::string(1025, 'x')),
            "why: has 1025 bytes, at most 1024");
  EXPECT_EQ(fault(std::string(1025, 'x'), ""),
            "by: has 1025 bytes, at most 1024");
  EXPECT_EQ(fault("\xff", ""), "by: is not UTF-8");
  EXPECT_EQ(fault("", "caf\xe9"), "why: is not UTF-8");
  EXPECT_EQ(fault("", std::string(1024, 'x')), "");
}

// Builds and servers may be of several users; the lock is of the first of them.
TEST_F(Ledger, AProcessThatMayReadTheLockMayTakeIt) {
  ASSERT_TRUE(BlockOne(1).ok());
  fs::permissions(directory_ + "/versions.lock", fs::perms::owner_read |
                                                     fs::perms::group_read |
                                                     fs::perms::others_read);
  fs::permissions(directory_, fs::perms::all);
  // From within: others may not be let through the folders above it.
  const fs::path before = fs::current_path();
  fs::current_path(directory_);
  const bool root = ::geteuid() == 0;  // may do everything
  if (root) {
    ASSERT_EQ(::seteuid(65534), 0);
  }
  const absl::Status blocked = BlockOne(2, ".");
  if (root) {
    ASSERT_EQ(::seteuid(0), 0);
  }
  fs::current_path(before);
  EXPECT_TRUE(blocked.ok()) << blocked;
}

TEST_F(Ledger, ServersOfOtherUsersReadItWhateverTheUmaskOfABuild) {
  const std::string parent = directory_ + "/made";
  const std::string snapshots = parent + "/snapshots";
  const mode_t before = ::umask(077);
  {
    const auto writer = SnapshotWriter::Create(snapshots);
    EXPECT_TRUE(writer.ok()) << writer.status();
    EXPECT_TRUE(TakeVersionNumber(snapshots).ok());
  }
  ::umask(before);
  const auto mode = [](const std::string& path) {
    return static_cast<unsigned>(fs::status(path).permissions());
  };
  EXPECT_EQ(mode(parent), 0755);
  EXPECT_EQ(mode(snapshots), 0755);
  EXPECT_EQ(mode(snapshots + "/versions"), 0644);
  EXPECT_EQ(mode(snapshots + "/versions.lock"), 0644);
}

TEST_F(Ledger, NumbersAreGivenOnceAboveEverythingThatIsOrWas) {
  EXPECT_EQ(*TakeVersionNumber(directory_), 1);
  EXPECT_EQ(*TakeVersionNumber(directory_), 2);
  fs::create_directories(directory_ + "/7");
  EXPECT_EQ(*TakeVersionNumber(directory_), 8);
  fs::remove_all(directory_ + "/7");
  EXPECT_EQ(*TakeVersionNumber(directory_), 9);
}

TEST_F(Ledger, AnIdentityIsSixteenHexadecimalDigits) {
  EXPECT_EQ(IdentityText(0xff), "00000000000000ff");
  EXPECT_EQ(ParseIdentity("00000000000000FF"), 0xff);
  EXPECT_EQ(ParseIdentity(IdentityText(~uint64_t{0})), ~uint64_t{0});
  for (const char* const wrong :
       {"", "ff", "0x000000000000ff", "00000000000000f ", "000000000000000g"}) {
    EXPECT_FALSE(ParseIdentity(wrong)) << wrong;
  }
}

TEST_F(Ledger, AVersionIsRemovedWholeAndNoOtherIs) {
  fs::create_directories(directory_ + "/1");
  fs::create_directories(directory_ + "/2");
  std::ofstream(directory_ + "/1/users") << "x";
  fs::create_directories(directory_ + "/.removing-killed");
  EXPECT_EQ(RemoveVersion(directory_, 3).code(), absl::StatusCode::kNotFound);
  ASSERT_TRUE(RemoveVersion(directory_, 1).ok());
  EXPECT_EQ(ListVersions(directory_)->size(), 1);
  EXPECT_FALSE(fs::exists(directory_ + "/.removing-killed"));
  EXPECT_EQ(std::distance(fs::directory_iterator(directory_), {}), 1);
}

// As another process does in the middle of an update.
TEST_F(Ledger, TheHolderOfTheLockIsNamedWhenPatienceEnds) {
  ASSERT_TRUE(BlockOne(1).ok());
  const std::string lock = directory_ + "/versions.lock";
  const int held = ::open(lock.c_str(), O_RDONLY);
  ASSERT_EQ(::flock(held, LOCK_EX), 0);
  bool changed = false;
  const auto change = [&](VersionLedger&) {
    changed = true;
    return absl::OkStatus();
  };
  const absl::Status status =
      UpdateLedger(directory_, change, absl::Milliseconds(20));
  EXPECT_EQ(status, absl::UnavailableError(
                        lock + ": another process has held the lock for 20ms"));
  EXPECT_FALSE(changed);
  // It is waited for.
  std::thread releases([held] {
    absl::SleepFor(absl::Milliseconds(30));
    ::close(held);
  });
  EXPECT_TRUE(UpdateLedger(directory_, change).ok());
  EXPECT_TRUE(changed);
  releases.join();
}

}  // namespace
}  // namespace marquee
